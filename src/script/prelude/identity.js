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
    const before = ask('attribute', String(user), String(name))
    ask('change', String(user), { [String(name)]: [...before, plain(value)] })
  },
}

/** An identity of the next generation: what is set is written by `store`, and from then on as it was written. */
export function identity(given) {
  const found = { ...given }
  const changes = {}
  const own = (name) => {
    const lower = name.toLowerCase()
    const names = [...Object.keys(changes), ...Object.keys(found.attributes)]
    return names.find((each) => each.toLowerCase() === lower) ?? name
  }
  const valuesOf = (name) => {
    const there = { ...found.attributes, ...changes }
    return Object.hasOwn(there, own(name)) ? there[own(name)] : []
  }
  const made = {
    getName: () => found.id,
    getUniversalId: () => found.universalId,
    exists: () => true,
    isExists: () => true,
    getAttributeValues: (name) => [...valuesOf(String(name))],
    getAttribute: (name) => [...valuesOf(String(name))],
    getAttributes: () => ({ ...found.attributes, ...changes }),
    setAttribute: (name, values) => {
      changes[own(String(name))] = listed(values)
    },
    addAttribute: (name, value) => {
      changes[own(String(name))] = [...valuesOf(String(name)), plain(value)]
    },
    store: () => {
      Object.assign(found, ask('change', found.id, changes))
      for (const name of Object.keys(changes)) delete changes[name]
    },
    toString: () => found.universalId,
  }
  return made
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
