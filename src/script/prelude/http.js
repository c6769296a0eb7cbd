/** `httpClient`, as older scripts and those of the next generation have it. */

import { map } from './lists.js'
import { member, put } from './member.js'
import { ask, plain } from './outside.js'

function listed(value) {
  return (Array.isArray(value) ? value : [value]).map(String)
}

/** An answer that is there already; both generations say `get()` to wait for it. */
function settled(value) {
  return {
    get: () => value,
    getOrThrow: () => value,
    getOrThrowUninterruptibly: () => value,
    isDone: () => true,
  }
}

function form(members) {
  return Object.entries(members)
    .flatMap(([name, value]) => listed(value).map((each) => [name, each]))
    .map((pair) => pair.map((each) => encodeURIComponent(each.toWellFormed())).join('='))
    .join('&')
}

function formOf(text) {
  const pairs = text
    .split('&')
    .map((each) => each.split('=').map((part) => decodeURIComponent(part.replace(/\+/g, ' '))))
  const found = {}
  for (const [name, value = ''] of pairs) put(found, name, [...(member(found, name) ?? []), value])
  return map(found)
}

function typed(headers, type) {
  const has = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  return has ? headers : { ...headers, 'content-type': type }
}

function messageOf({ method = 'GET', headers = {}, body, form: fields, token }) {
  let sent = Object.fromEntries(
    Object.entries(plain(headers)).map(([name, value]) => [name, listed(value).join(', ')]),
  )
  let text = ''
  if (fields !== undefined && fields !== null) {
    sent = typed(sent, 'application/x-www-form-urlencoded')
    text = form(plain(fields))
  } else if (typeof body === 'string') text = body
  else if (body !== undefined && body !== null) {
    sent = typed(sent, 'application/json')
    text = JSON.stringify(plain(body))
  }
  if (token !== undefined && token !== null) sent.authorization = `Bearer ${token}`
  return { method: String(method).toUpperCase(), headers: sent, body: text }
}

function next({ status, statusText, headers, body }) {
  return {
    ...{ status, statusText, ok: status >= 200 && status < 300, headers: map(headers) },
    text: () => body,
    json: () => JSON.parse(body),
    formData: () => formOf(body),
  }
}

function headersOf(headers) {
  const own = (name) =>
    Object.keys(headers).find((each) => each.toLowerCase() === String(name).toLowerCase()) ??
    String(name)
  return {
    __plain: () => headers,
    add: (name, value) => {
      put(headers, own(name), [...(member(headers, own(name)) ?? []), ...listed(value)])
    },
    put: (name, value) => {
      put(headers, own(name), listed(value))
    },
    get: (name) => {
      const values = member(headers, own(name))
      return values === undefined
        ? null
        : Object.assign([...values], {
            getValues: () => [...values],
            getFirstValue: () => values[0],
          })
    },
    getFirst: (name) => member(headers, own(name))?.[0] ?? null,
    remove: (name) => delete headers[own(name)],
    keySet: () => Object.keys(headers),
    containsKey: (name) => Object.hasOwn(headers, own(name)),
  }
}

function entityOf(told) {
  const get = () => told.body
  const set = (value) => {
    told.body =
      typeof value === 'string' ? value : value === null ? '' : JSON.stringify(plain(value))
  }
  return {
    getString: get,
    setString: set,
    getJson: () => JSON.parse(told.body),
    setJson: set,
    getBytes: () => told.body.getBytes(),
    isEmpty: () => told.body === '',
    getForm: () => formOf(told.body),
    toString: get,
    get string() {
      return get()
    },
    set string(value) {
      set(value)
    },
  }
}

/** `org.forgerock.http.protocol.Request` */
export function Request() {
  const told = { uri: '', method: 'GET', headers: {}, body: '' }
  const headers = headersOf(told.headers)
  const entity = entityOf(told)
  return {
    __request: told,
    setUri: (uri) => {
      told.uri = String(uri)
    },
    getUri: () => told.uri,
    setMethod: (method) => {
      told.method = String(method)
    },
    getMethod: () => told.method,
    getHeaders: () => headers,
    addHeaders: () => undefined,
    getEntity: () => entity,
    setEntity: (value) => entity.setString(value),
    get headers() {
      return headers
    },
    get entity() {
      return entity
    },
  }
}

function old({ status, statusText, headers, body, cause }) {
  const state = {
    getCode: () => status,
    getReasonPhrase: () => statusText,
    isSuccessful: () => status >= 200 && status < 300,
    isClientError: () => status >= 400 && status < 500,
    isServerError: () => status >= 500,
    toString: () => `[Status: ${status} ${statusText}]`,
  }
  const entity = entityOf({ body })
  return {
    getStatus: () => state,
    getHeaders: () => headersOf(headers),
    getEntity: () => entity,
    getCause: () => cause ?? null,
    close: () => undefined,
  }
}

export const httpClient = {
  send: (url, options = {}) => settled(next(ask('http', String(url), messageOf(options ?? {})))),
}

export const httpClientOld = {
  send: (request, ...rest) => {
    const told = request.__request ?? rest.at(-1)?.__request
    if (told === undefined) throw new TypeError('httpClient.send takes a Request')
    const { uri, method, headers, body } = told
    return settled(old(ask('http', uri, messageOf({ method, headers, body }))))
  },
}
