/** How a path names a realm, and what is left of it (PingAM: rest-realms; C-19). */
export interface Located {
  /** `/` or `/alpha`. */
  readonly path: string
  /** The part of the URL that named it, as written: it is mirrored in the issuer. */
  readonly form: string
  /** What follows, with a leading slash. */
  readonly rest: string
}

/**
 * Readings of what follows `/am/oauth2` or `/am/json`, the likeliest first: the full form
 * `/realms/root/realms/alpha`, none at all, or the short form `/alpha`. The caller takes the first
 * whose rest is an endpoint of its own.
 */
export function locateRealm(path: string): readonly Located[] {
  if (path.startsWith('/realms/root')) {
    const full = fullForm(path)
    return full === undefined ? [] : [full]
  }
  const readings: Located[] = [{ path: '/', form: '', rest: path === '' ? '/' : path }]
  let end = path.indexOf('/', 1)
  for (let depth = 0; end > 0 && depth < 4; depth++) {
    const form = path.slice(0, end)
    const name = decoded(form)
    if (name !== undefined) readings.push({ path: name, form, rest: path.slice(end) })
    end = path.indexOf('/', end + 1)
  }
  return readings
}

/** The realm of a `realm` query value: `/alpha`, `alpha` or `/`; undefined when it names none. */
export function realmOfQuery(value: string): string | undefined {
  const path = value.startsWith('/') ? value : `/${value}`
  return path === '/' || realmPath.test(path) ? path : undefined
}

/** Whether a realm may have that path; the root has its own. */
export function isRealmPath(path: string): boolean {
  return realmPath.test(path)
}

/**
 * Where `/openidm` keeps the users of a realm (PingIDM: managed objects; AIC): `/managed/alpha_user` are
 * those of `/alpha`, `/managed/user` those of the root. What is left is the same for all of them. Service
 * accounts and configuration are the root's, but for what passwords have to be: `/config/fieldPolicy/alpha_user`.
 */
export function locateManaged(path: string): Located | undefined {
  const policy = /^\/config\/fieldPolicy\/([\w.~-]{1,64})_user$/.exec(path)?.[1]
  if (policy !== undefined && realmPath.test(`/${policy}`))
    return { path: `/${policy}`, form: '', rest: '/config/fieldPolicy/user' }
  if (ofAll.test(path)) return { path: '/', form: '', rest: path }
  // frodo names the root's by a slash.
  const match = /^\/managed\/(?:([\w.~-]{1,64})_|\/_)?(user|application)(\/.*)?$/s.exec(path)
  if (match === null) return undefined
  const [, name, what, rest = ''] = match
  const located = { form: '', rest: `/managed/${what}${rest}` }
  if (name === undefined) return { ...located, path: '/' }
  return realmPath.test(`/${name}`) ? { ...located, path: `/${name}` } : undefined
}

/** What is of the server as a whole. */
const ofAll = /^\/(?:managed\/svcacct|config|internal\/role)(?:\/|$)/

/** Names that need no encoding, so that every form spells them alike, and that lead nowhere else. */
const realmPath = /^(?:\/(?!\.\.?(?:\/|$))[\w.~-]{1,64}){1,4}$/

function decoded(form: string): string | undefined {
  return realmPath.test(form) ? form : undefined
}

function fullForm(path: string): Located | undefined {
  const match = /^\/realms\/root((?:\/realms\/[\w.~-]{1,64}){0,4})(\/.*|$)/s.exec(path)
  if (match === null) return undefined
  const names = (match[1] as string).replaceAll('/realms/', '/')
  if (names !== '' && !realmPath.test(names)) return undefined
  return {
    path: names === '' ? '/' : names,
    form: `/realms/root${match[1]}`,
    rest: match[2] === '' ? '/' : (match[2] as string),
  }
}

/** The name as it stands, or with a letter of it encoded. */
export const mayNameRealm = /realm=|%(?:72|65|61|6c|6d)/i

/** A realm named twice, or by what is no realm's name, is one that is not there. */
export function namedRealm(query: string): string | undefined {
  if (!mayNameRealm.test(query)) return undefined
  const [value, ...more] = new URLSearchParams(query).getAll('realm')
  if (more.length > 0) return ' '
  return value === undefined || value === '' ? undefined : (realmOfQuery(value) ?? ' ')
}
