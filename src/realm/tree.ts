/** Whether a realm is the other one or lies below it; both by path. */
export function isWithin(path: string, above: string): boolean {
  return above === '/' || path === above || path.startsWith(`${above}/`)
}

/** The path of the realm right above one; undefined for the root. */
export function parentOf(path: string): string | undefined {
  if (path === '/') return undefined
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

/** The paths of all realms above one, the nearest first. */
export function pathsAbove(path: string): readonly string[] {
  const parent = parentOf(path)
  return parent === undefined ? [] : [parent, ...pathsAbove(parent)]
}

/** `/` → `/realms/root`, `/alpha` → `/realms/root/realms/alpha`. */
export function fullPath(path: string): string {
  const names = path.split('/').filter((name) => name !== '')
  return `/realms/root${names.map((name) => `/realms/${encodeURIComponent(name)}`).join('')}`
}
