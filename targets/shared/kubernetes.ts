/** Kubernetes replaces `$(NAME)` in words and variables, and `$$` by `$`: https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/ */
export const escaped = (text: string): string => text.replace(/\$(?=[$(])/g, "$$$$");

/** Name of a handed-over value as a parameter: no name of a dataset holds a hyphen, so that two values never share one. */
export const parameterOf = (value: string): string => value.replaceAll(".", "-");

/** Processors as Kubernetes writes them: whole ones, or thousandths rounded up. */
export function cpuQuantity(cores: number): string {
  return Number.isInteger(cores) ? String(cores) : `${Math.ceil(Number((cores * 1000).toFixed(6)))}m`;
}

const MEBIBYTE = 1024 ** 2;

/** Bytes as Kubernetes writes them: the largest whole unit of Gi and Mi, else mebibytes rounded up. */
export function byteQuantity(bytes: number): string {
  const gibibytes = bytes / 1024 ** 3;
  return Number.isInteger(gibibytes) ? `${gibibytes}Gi` : `${Math.ceil(bytes / MEBIBYTE)}Mi`;
}

/** A length in whole seconds, rounded up. */
export const wholeSeconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);
