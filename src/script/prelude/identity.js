import { member, put } from './member.js'
import { ask, plain } from './outside.js'

function listed(values) {
  return plain(Array.isArray(values) ? values : [values])
}

/** `idRepository` of older scripts: attributes by the name of whoever has them. */
export const idRepositoryOld = {
  getAttribute: (user, name) => ask('attribute', String(user), String(name)),
  setAttribute: (user, name, values) => {
    ask('change', String(user), { [String(name)]: listed(values) })
  },
  addAttribute: (user, name, value) => {
    ask('change', String(user), {}, { [String(name)]: [plain(value)] })
  },
}

/** Attributes as they are once what was set and added is stored; what is added comes behind what is stored by then. */
function pending(found) {
  const changes = {}
  const added = {}
  const own = (name) => {
    const lower = String(name).toLowerCase()
    const names = [changes, added, found.attributes].flatMap((each) => Object.keys(each))
    return names.find((each) => each.toLowerCase() === lower) ?? String(name)
  }
  const all = () => {
    const there = { ...found.attributes, ...changes }
    for (const [name, values] of Object.entries(added))
      put(there, name, [...(member(there, name) ?? []), ...values])
    return there
  }
  return {
    all,
    valuesOf: (name) => [...(member(all(), own(name)) ?? [])],
    set: (name, values) => {
      delete added[own(name)]
      put(changes, own(name), listed(values))
    },
    add: (name, value) => {
      const to = Object.hasOwn(changes, own(name)) ? changes : added
      put(to, own(name), [...(member(to, own(name)) ?? []), plain(value)])
    },
    store: () => {
      Object.assign(found, ask('change', found.id, changes, added))
      for (const made of [changes, added]) for (const name of Object.keys(made)) delete made[name]
    },
  }
}

/** An identity of the next generation: what is set is written by `store`, and from then on as it was written. */
export function identity(given) {
  const found = { ...given }
  const { all, valuesOf, set, add, store } = pending(found)
  return {
    getName: () => found.id,
    getUniversalId: () => found.universalId,
    exists: () => true,
    isExists: () => true,
    getAttributeValues: valuesOf,
    getAttribute: valuesOf,
    getAttributes: all,
    setAttribute: set,
    addAttribute: add,
    store,
    toString: () => found.universalId,
  }
}

/** `idRepository` of the next generation. */
export const idRepository = {
  getIdentity: (user) => {
    const found = ask('identity', String(user))
    if (found === null) throw new Error(`there is no identity ${user}`)
    return identity(found)
  },
  createUser: (name, attributes = {}) =>
    identity(ask('createUser', String(name), plain(attributes))),
}
