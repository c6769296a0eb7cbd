import type { HttpRequest } from '../base/http.ts'
import { deviceOf } from '../user/device.ts'
import type { Visit } from './journey.ts'

/** What a request says of whoever logs in, beside their answers. */
export function visitOf(http: HttpRequest, session: Visit['session'], login_hint?: string): Visit {
  return { peer: http.peer, device: deviceOf(http), session, login_hint }
}
