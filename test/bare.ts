/**
 * The environment of a process that is to find no settings: what a shell gives at least, and what the
 * test run does for the start of each: it keeps what it has compiled, and says where a module lies.
 */
export const bareEnvironment: Readonly<Record<string, string>> = Object.fromEntries(
  ['PATH', 'NODE_COMPILE_CACHE', 'NODE_OPTIONS'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  }),
)
