/*
 * Loaded before `parapet migrate` by a test: the command believes that it writes to a terminal, and at the line of its
 * bar that `KILL_AT` matches the process `KILL_PID`, or this one, is killed (SIGKILL): in the middle, whatever the
 * machine does beside it.
 */
const { KILL_AT = '', KILL_PID = String(process.pid) } = process.env
const at = new RegExp(KILL_AT)
let killed = false

Object.defineProperty(process.stderr, 'isTTY', { value: true })
const write = process.stderr.write.bind(process.stderr)
process.stderr.write = (chunk: Uint8Array | string, ...rest: readonly unknown[]) => {
  // Whoever writes may wait until it was taken.
  const written = write(chunk, ...(rest as []))
  if (!killed && at.test(String(chunk))) {
    killed = true
    process.kill(Number(KILL_PID), 'SIGKILL')
  }
  return written
}
