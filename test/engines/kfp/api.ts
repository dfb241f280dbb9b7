import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Created {
  readonly display_name: string;
  readonly pipeline_version_reference: { readonly pipeline_id: string };
  readonly runtime_config: { readonly parameters: Readonly<Record<string, string>> };
}

/**
 * Stands for the API of Kubeflow Pipelines while a tick is carried out: it knows one pipeline, takes runs of it and keeps what it was asked. It carries nothing
 * out; the test then does, with Kubeflow's local orchestrator, exactly what was asked of it.
 */
export interface KfpApi {
  readonly url: string;
  readonly created: readonly Created[];
  close(): Promise<void>;
}

/** @param wanted port, where a file names it; a free one where absent */
export async function kfpApi(pipeline: string, wanted = 0): Promise<KfpApi> {
  const created: Created[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://api").pathname;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answer = (status: number, body: unknown) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      };
      if (request.method === "GET" && path === "/apis/v2beta1/runs") return answer(200, { runs: created });
      if (request.method === "GET" && path === `/apis/v2beta1/pipelines/names/${pipeline}`) {
        return answer(200, { pipeline_id: "7f0f", display_name: pipeline });
      }
      if (request.method === "POST" && path === "/apis/v2beta1/runs") {
        created.push(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Created);
        return answer(200, created.at(-1));
      }
      answer(404, { code: 5, message: `${request.method} ${path} is not known here` });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(wanted, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    created,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
