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

/** An identity of the next generation: what is set is written by `store`. */
export function identity(found) {
  const changes = {}
  const own = (name) =>
    Object.keys(found.attributes).find((each) => each.toLowerCase() === name.toLowerCase())
  const valuesOf = (name) => changes[name] ?? found.attributes[own(String(name)) ?? ''] ?? []
  const made = {
    getName: () => found.id,
    getUniversalId: () => found.universalId,
    exists: () => true,
    isExists: () => true,
    getAttributeValues: (name) => [...valuesOf(String(name))],
    getAttribute: (name) => [...valuesOf(String(name))],
    getAttributes: () => ({ ...found.attributes, ...changes }),
    setAttribute: (name, values) => {
      changes[String(name)] = listed(values)
    },
    addAttribute: (name, value) => {
      changes[String(name)] = [...valuesOf(String(name)), plain(value)]
    },
    store: () => {
      ask('change', found.id, changes)
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
