/** `cacheManager` (PingAM: next-generation scripts): named caches of the realm, each with a script that loads what is not there. */
import { wrapped } from './lists.js'
import { ask, plain } from './outside.js'

const { stringify } = JSON

/** Keys are the same whatever order their members have. */
function ordered(value) {
  if (Array.isArray(value)) return value.map(ordered)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, ordered(value[name])]),
  )
}

const keyOf = (key) => stringify(ordered(plain(key)))

/** What a loading script has: `load`, and `reload` where it says so. */
function loaderIn(source) {
  const end = ['load', 'reload'].map(
    (name) => `typeof ${name} === 'function' ? ${name} : undefined`,
  )
  const [load, reload] = new Function(`${source}\nreturn [${end.join()}]`)()
  if (load === undefined) throw new Error('the script of the cache has no function load')
  return { load, reload }
}

function cacheOf(name) {
  const keep = (key, value) => {
    ask('keepCached', name, keyOf(key), value)
    return wrapped(plain(value))
  }
  const loaded = (key, source, before) => {
    const { load, reload } = loaderIn(source)
    return keep(key, before === undefined || reload === undefined ? load(key) : reload(key, before))
  }
  return {
    get: (key) => {
      const { found, value, loader } = ask('cached', name, keyOf(key))
      if (loader === undefined) return wrapped(value)
      return loaded(key, loader, found ? wrapped(value) : undefined)
    },
    refresh: (key) => {
      const { found, value } = ask('cached', name, keyOf(key))
      return loaded(key, ask('cacheLoader', name), found ? wrapped(value) : undefined)
    },
    invalidate: (key) => void ask('forgetCached', name, keyOf(key)),
    invalidateAll: () => void ask('forgetCached', name),
  }
}

const exists = (name) => ask('cacheExists', String(name))

/** One that nobody has configured is null, as it is in PingAM. */
export const cacheManager = {
  exists,
  named: (name) => (exists(name) ? cacheOf(String(name)) : null),
}
