import { kinds, made } from './callback-kinds.js'
import { map } from './lists.js'

/** PingAM: callbacks that no journey here can show. */
const missing = ['httpCallback', 'languageCallback', 'x509CertificateCallback', 'idPCallback']

/** `callbacksBuilder`: what is made is sent, in its order. */
export function callbacksBuilder(sent) {
  const builder = {}
  for (const name of Object.keys(kinds))
    builder[name] = (...args) => {
      sent.push(made(name, args))
    }
  for (const name of missing)
    builder[name] = () => {
      throw new TypeError(`callbacksBuilder.${name} is not there`)
    }
  return builder
}

/** `callbacks` of the next generation: by kinds, the answers alone. */
export function answersByKind(answered) {
  const all = { isEmpty: () => answered.length === 0 }
  for (const [name, { type, read = ({ values }) => values[0] ?? null, byId }] of Object.entries(
    kinds,
  )) {
    const getter = `get${name[0].toUpperCase()}${name.slice(1)}s`
    const found = () => answered.filter((each) => each.type === type)
    all[getter] = byId
      ? () => map(Object.fromEntries(found().map((each) => [each.output.id, read(each)])))
      : () => found().map(read)
  }
  all.getIdpCallbacks = () => answered.filter(({ type }) => type === 'IdPCallback')
  return all
}

const byType = new Map(Object.entries(kinds).map(([name, kind]) => [kind.type, { name, ...kind }]))

/** `callbacks` of older scripts: the callbacks that were sent, in their order, with what was answered. */
export function answeredObjects(answered) {
  return answered.map((each) => {
    const { getters = {} } = byType.get(each.type) ?? {}
    const object = { __answer: each }
    for (const [name, getter] of Object.entries(getters)) object[name] = () => getter(each)
    return object
  })
}
