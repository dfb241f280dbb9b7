import type { Command } from "commander";

/**
 * Flags of V8 for `check`. A check is over before its second compiler has paid; the frozen heap keeps the seed of its hashes,
 * which is random in every build (docs/ARCHITECTURE.md).
 */
export const V8_FLAGS = ["--no-maglev", "--no-rehash-snapshot"];

/** What the launcher is told of the machine on which it is built. */
export interface Frozen {
  /** Path of the Node that made the snapshot, from the launcher's folder. */
  readonly node: string;
  /** Name of the snapshot in the launcher's folder. */
  readonly blob: string;
  /** The line of `/proc/cpuinfo` that names the processor's features: code in a snapshot fits no other processor. */
  readonly processor: string;
}

/** The text between single quotes of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Flags of the options before a command, as the patterns of a `case`. */
function patterns(program: Command, takesValue: boolean): string {
  const flags = program.options
    .filter((option) => option.name() !== "version" && (option.required || option.optional) === takesValue)
    .flatMap((option) => [option.short, option.long])
    .filter((flag) => flag !== undefined);
  return flags.join(" | ");
}

/**
 * The `retrain` of a POSIX shell. `check` begins from the snapshot when the Node that made it is there, is not newer and has the
 * same processor, and when nothing in the environment changes how Node starts; all else begins as `node retrain.js` does.
 */
export function launcher(program: Command, { node, blob, processor }: Frozen): string {
  return `#!/bin/sh
# Starts retrain; made by the build. docs/ARCHITECTURE.md, "How the command starts", tells why.
file=$0
while [ -h "$file" ]; do
  link=$(readlink "$file")
  case $link in
    /*) file=$link ;;
    *) file=\${file%/*}/$link ;;
  esac
done
case $file in
  */*) here=\${file%/*} ;;
  *) here=. ;;
esac
node=$here/${node}
blob=$here/${blob}

command=
skip=
for word do
  if [ -n "$skip" ]; then
    skip=
    continue
  fi
  case $word in
    ${patterns(program, true)}) skip=yes ;;
    ${patterns(program, false)}) ;;
    *)
      command=$word
      break
      ;;
  esac
done

same_processor() {
  while IFS= read -r line; do
    case $line in
      flags* | Features*)
        [ "$line" = ${quoted(processor)} ]
        return
        ;;
    esac
  done </proc/cpuinfo
  return 1
}

if [ "$command" = check ] && [ -z "$NODE_OPTIONS$NODE_V8_COVERAGE" ] && [ -r "$blob" ] && [ -x "$node" ] &&
  ! [ "$node" -nt "$blob" ] && [ -r /proc/cpuinfo ] && same_processor; then
  exec "$node" ${V8_FLAGS.join(" ")} --snapshot-blob "$blob" "$here/retrain.js" "$@"
fi
exec node "$here/retrain.js" "$@"
`;
}

/** The `retrain` of machines without a snapshot. */
export const plainLauncher = `#!/usr/bin/env node
await import("./retrain.js");
`;
