/** `Packages` and `JavaImporter` of Rhino, over the classes that are there. */
import { classes } from './java.js'

const marks = new WeakMap()

function missing(name) {
  const fail = () => {
    throw new TypeError(`The Java class ${name} is not there`)
  }
  const proxy = new Proxy(function Missing() {}, {
    apply: fail,
    construct: fail,
    get: (_, member) => (typeof member === 'symbol' ? undefined : fail()),
    has: () => false,
  })
  marks.set(proxy, name)
  return proxy
}

/** A package, or a class: names of classes begin with a capital letter. */
function at(name) {
  if (Object.hasOwn(classes, name)) return classes[name]
  if (/(?:^|\.)[A-Z][^.]*$/.test(name)) return missing(name)
  const proxy = new Proxy(
    {},
    {
      get: (_, member) => {
        if (typeof member === 'symbol') return undefined
        return at(name === '' ? member : `${name}.${member}`)
      },
    },
  )
  marks.set(proxy, name)
  return proxy
}

const nameOf = new Map(Object.entries(classes).map(([name, each]) => [each, name]))

/** Where several names mean one class, it is the same for a script all the same: all of them are found. */
function importInto(target, what) {
  const name = marks.get(what)
  const known = name === undefined ? namesOf(what) : [name]
  for (const each of known) {
    if (/(?:^|\.)[A-Z][^.]*$/.test(each)) target[each.slice(each.lastIndexOf('.') + 1)] = what
    else
      for (const [whole, found] of Object.entries(classes))
        if (whole.startsWith(`${each}.`) && !whole.slice(each.length + 1).includes('.'))
          target[whole.slice(each.length + 1)] = found
  }
}

function namesOf(what) {
  return nameOf.has(what) ? Object.keys(classes).filter((each) => classes[each] === what) : []
}

export function JavaImporter(...all) {
  const found = {}
  const add = (...more) => {
    for (const each of more.flat()) importInto(found, each)
  }
  Object.defineProperties(found, {
    importClass: { value: add },
    importPackage: { value: add },
  })
  add(...all)
  return found
}

function importHere(...all) {
  for (const each of all) importInto(globalThis, each)
}

export const packages = {
  ...{ Packages: at(''), java: at('java'), javax: at('javax'), org: at('org'), com: at('com') },
  ...{ JavaImporter, importClass: importHere, importPackage: importHere },
}
