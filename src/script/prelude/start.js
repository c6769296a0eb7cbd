/**
 * What stands around a script inside the interpreter. Nothing here is trusted by the server: what a script might change
 * of it is the script's own, and all that it gives back is looked at outside.
 */
import { configuration, decision } from './decision.js'
import './lists.js'
import { accessToken, claims } from './token.js'

const kinds = { decision, configuration, accessToken, claims }

globalThis.__begin = (kind, input) => kinds[kind](JSON.parse(input))
