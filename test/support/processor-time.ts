/** Milliseconds that the processor has spent on this thread: limits measured by it hold on a machine that is busy with other work. */
export function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
