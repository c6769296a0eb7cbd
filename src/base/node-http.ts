import type * as Http from 'node:http'

/**
 * Node's own module. An `import` of it asks for each of its exports, `WebSocket` among them, which loads
 * undici: 60 ms of processor time and 13 MB for each process, of which nothing here has a use.
 */
export const http: typeof Http = process.getBuiltinModule('node:http')
