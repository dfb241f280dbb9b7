import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** An image made of files alone, without a container engine. */
export interface Image {
  readonly name: string;
  readonly entrypoint?: readonly string[];
  readonly workingDirectory?: string;
  /** Puts the image's files below `root`, layer by layer; the first is the lowest. */
  readonly fill: readonly ((root: string) => void)[];
}

/** Writes an image as a docker-archive that `ctr images import` reads. The same files give the same bytes. */
export function writeImage(image: Image, file: string): void {
  const folder = mkdtempSync(join(tmpdir(), "retrain-image-"));
  try {
    const layers = image.fill.map((fill, index) => {
      const root = join(folder, String(index));
      mkdirSync(join(root, "tmp"), { recursive: true });
      chmodSync(join(root, "tmp"), 0o1777);
      fill(root);
      const layer = `layer${index}.tar`;
      const same = ["--numeric-owner", "--owner=0", "--group=0", "--mtime=@0", "--sort=name"];
      execFileSync("tar", [...same, "-C", root, "-cf", join(folder, layer), "."]);
      const digest = createHash("sha256")
        .update(readFileSync(join(folder, layer)))
        .digest("hex");
      return { layer, digest: `sha256:${digest}` };
    });
    const config = {
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      os: "linux",
      config: {
        Env: ["PATH=/usr/local/bin:/usr/bin:/bin"],
        ...(image.entrypoint === undefined ? {} : { Entrypoint: image.entrypoint }),
        WorkingDir: image.workingDirectory ?? "/",
      },
      rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const manifest = [{ Config: "config.json", RepoTags: [image.name], Layers: layers.map(({ layer }) => layer) }];
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
    mkdirSync(dirname(file), { recursive: true });
    execFileSync("tar", [
      "-C",
      folder,
      "-cf",
      file,
      "manifest.json",
      "config.json",
      ...layers.map(({ layer }) => layer),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies a program and every shared library that it names, each to the path it is looked for at. */
export function copyProgram(root: string, program: string, to: string): void {
  put(root, realpathSync(program), to);
  for (const line of execFileSync("ldd", [program], { encoding: "utf8" }).split("\n")) {
    const library = /(\/\S+) \(0x/.exec(line)?.[1];
    if (library !== undefined) put(root, realpathSync(library), library);
  }
}

function put(root: string, from: string, to: string): void {
  const path = join(root, to);
  mkdirSync(dirname(path), { recursive: true });
  cpSync(from, path);
}

/** One static program under the names of the tools that it stands for. */
export function copyBusybox(root: string, tools: readonly string[]): void {
  put(root, "/bin/busybox", "/bin/busybox");
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  for (const tool of tools) symlinkSync("/bin/busybox", join(root, tool === "env" ? "usr/bin/env" : `bin/${tool}`));
}

/** Holds a pod's network: sleeps for ever. */
export const pause: Image = {
  name: "local.test/pause:1",
  entrypoint: ["/bin/busybox", "sleep", "2147483647"],
  fill: [(root) => copyBusybox(root, [])],
};

/** Argo's executor, which runs beside every step. */
export const executor = (program: string): Image => ({
  name: "local.test/argoexec:1",
  entrypoint: ["argoexec"],
  fill: [
    (root) => {
      put(root, program, "/bin/argoexec");
      mkdirSync(join(root, "etc"));
      writeFileSync(join(root, "etc/nsswitch.conf"), "hosts: files dns\n");
    },
  ],
});

/** What both images of steps stand on: Node and the reader of data, with every shared library that they name. */
const base = (repository: string) => (root: string) => {
  copyProgram(root, join(repository, "node_modules/node/bin/node"), "/usr/local/bin/node");
  copyBusybox(root, ["env"]);
  const packages = join(root, "app/node_modules/@duckdb");
  cpSync(join(repository, "node_modules/@duckdb"), packages, { recursive: true, dereference: true });
  const native = execFileSync("find", [packages, "-name", "*.node"], { encoding: "utf8" });
  for (const library of native.trim().split("\n")) {
    for (const line of execFileSync("ldd", [library], { encoding: "utf8" }).split("\n")) {
      const found = /(\/\S+) \(0x/.exec(line)?.[1];
      if (found !== undefined && !found.startsWith(root)) put(root, realpathSync(found), found);
    }
  }
};

/** The runtime's own image, laid out as runtime/Containerfile does it. */
export const runtime = (repository: string): Image => ({
  name: "local.test/retrain-runtime:1",
  fill: [
    base(repository),
    (root) => {
      cpSync(join(repository, "dist"), join(root, "app/dist"), { recursive: true });
      command(root, "retrain-runtime", "/app/dist/retrain-runtime.js");
    },
  ],
});

/** The image of the tests' author: the steps of flights.retrain. */
export const author = (repository: string): Image => ({
  name: "local.test/flights:1",
  fill: [
    base(repository),
    (root) => {
      cpSync(join(repository, "test/engines/flights"), join(root, "app/flights"), { recursive: true });
      for (const step of ["train", "evaluate"]) command(root, `flights-${step}`, `/app/flights/${step}.mjs`);
    },
  ],
});

/** A program of Node on the path. */
function command(root: string, name: string, file: string): void {
  chmodSync(join(root, file), 0o755);
  mkdirSync(join(root, "usr/local/bin"), { recursive: true });
  symlinkSync(file, join(root, "usr/local/bin", name));
}
