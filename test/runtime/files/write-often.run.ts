/** `write-often.run.ts PATH`: writes the file over and over until it is killed, each time 200,000 times the same digit. */
import { writeWhole } from "../../../runtime/files/whole.ts";

const [path = ""] = process.argv.slice(2);
for (let index = 0; ; index += 1) {
  await writeWhole(path, String(index % 10).repeat(200_000));
  if (index === 0) process.stdout.write("started\n");
}
