/** The oldest Node that has all that is used; package.json says the same. */
const [leastMajor, leastMinor] = [24, 11]

/**
 * What to say where `node`, such as `24.11.0`, is too old; undefined where it is not. Imports nothing, and
 * is written in what old versions of Node know, so that it is reached on them.
 */
export function tooOld(node: string): string | undefined {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined
  return `parapet needs Node ${leastMajor}.${leastMinor} or newer; this is v${node}`
}
