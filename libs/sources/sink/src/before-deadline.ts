/** Resolves when the work is done or `deadline` aborts, whichever comes first. */
export async function beforeDeadline(work: Promise<unknown>, deadline: AbortSignal): Promise<void> {
  if (deadline.aborted) return;
  const aborted = Promise.withResolvers<undefined>();
  deadline.addEventListener('abort', () => aborted.resolve(undefined), { once: true });
  await Promise.race([work, aborted.promise]);
}
