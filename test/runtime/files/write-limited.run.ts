/** `write-limited.run.ts PATH SIZE`: writes that many bytes whole and prints `written` or the error's code and message. */
import { FileError } from "../../../runtime/files/error.ts";
import { writeWhole } from "../../../runtime/files/whole.ts";

const [path = "", size = "0"] = process.argv.slice(2);
try {
  await writeWhole(path, Buffer.alloc(Number(size), "x"));
  process.stdout.write("written\n");
} catch (error) {
  if (!(error instanceof FileError)) throw error;
  process.stdout.write(`${error.code} ${error.message}\n`);
}
