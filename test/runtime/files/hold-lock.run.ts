/** `hold-lock.run.ts PATH`: takes the lock, prints `locked` and keeps it until it is killed. */
import { withLock } from "../../../runtime/files/lock.ts";

await withLock(process.argv[2] ?? "", async () => {
  process.stdout.write("locked\n");
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
