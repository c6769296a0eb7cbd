import { createHash } from 'node:crypto'
import { base64url } from '../../../base/bytes.ts'
import type { HttpRequest, HttpResponse } from '../../../base/http.ts'
import type { JsonObject } from '../../../base/json.ts'
import { member } from '../../../base/json.ts'
import { event } from '../../../base/log.ts'
import type { Change } from '../../../config/kind.ts'
import { findUser } from '../../../config/of-user.ts'
import type { Realm } from '../../../realm/realm.ts'
import { callerToken } from '../../../session/cookie.ts'
import { readSession } from '../../../session/session.ts'
import type { EndUser } from '../../../user/end-user.ts'
import type { Device, DeviceKind } from '../../../user/factor/device.ts'
import { changeDevices, devicesOf } from '../../../user/factor/device.ts'
import { crestError, crestResource } from '../../serve/crest.ts'
import { asOwnerOrAdministrator } from '../administrator.ts'
import { listThose } from '../collection/list-those.ts'
import { userVersions } from '../user-view.ts'

/** By the names their URLs have: how a session shows that such a device was there (`state.methods`). */
const kinds = {
  webauthn: 'WebAuthnAuthentication',
  oath: 'AuthenticatorOATH',
} as const satisfies Partial<Record<DeviceKind, string>>

/** What is told of a device: neither its key nor its codes. */
const told = ['uuid', 'deviceName', 'credentialId', 'createdDate', 'lastAccessDate'] as const

/**
 * The devices somebody logs in with beside a password, below their own URL: `devices/2fa/webauthn`, and one of them by its
 * `uuid` (PingAM: rest-api-authentication-devices). The user and administrators list them; administrators remove one, and
 * so does the user in a session that such a device was shown for, since a password alone must not take it away. Undefined for
 * another path.
 */
export function devicesBelow(
  realm: Realm,
  http: HttpRequest,
  id: string,
  below: readonly (string | undefined)[],
): Promise<HttpResponse> | undefined {
  const [devices, factor, kind = '', uuid, ...more] = below
  if (devices !== 'devices' || factor !== '2fa' || more.length > 0) return undefined
  if (!Object.hasOwn(kinds, kind) || (below.length === 4 && !uuid)) return undefined
  return answer(realm, http, id, kind as keyof typeof kinds, uuid)
}

async function answer(
  realm: Realm,
  http: HttpRequest,
  id: string,
  kind: keyof typeof kinds,
  uuid: string | undefined,
): Promise<HttpResponse> {
  const user = await findUser(realm, id)
  const work = async (change: Change): Promise<HttpResponse> => {
    if (user === undefined) return crestError(404)
    const devices = devicesOf(user, kind)
    if (uuid === undefined) {
      if (http.method !== 'GET') return crestError(405)
      const name = `${kind} devices of ${user.sub}`
      return listThose(realm, http, { name, entries: devices.map(resourceOf) })
    }
    const found = devices.find((each) => each.uuid === uuid)
    if (found === undefined) return crestError(404)
    if (http.method === 'GET') return crestResource(200, resourceOf(found))
    if (http.method !== 'DELETE') return crestError(405)
    if (!(await mayRemove(realm, http, kind, change))) return crestError(403, 'Access Denied')
    return remove(realm, user, kind, found, change)
  }
  return asOwnerOrAdministrator(realm, http, user?.sub ?? '', work, userVersions)
}

/** Owners are asked for the device itself, or another of its kind. */
async function mayRemove(
  realm: Realm,
  http: HttpRequest,
  kind: keyof typeof kinds,
  { authority }: Change,
): Promise<boolean> {
  if (authority?.administers !== undefined) return true
  const token = callerToken(realm, http)
  const session = token === undefined ? undefined : await readSession(realm, token)
  return session?.methods.includes(kinds[kind]) === true
}

async function remove(
  realm: Realm,
  { sub }: EndUser,
  kind: keyof typeof kinds,
  { uuid, ...device }: Device,
  { by }: Change,
): Promise<HttpResponse> {
  const removed = await changeDevices(realm, sub, kind, (there) => {
    const left = there.filter((each) => each.uuid !== uuid)
    return left.length < there.length ? left : undefined
  })
  if (!removed) return crestError(404)
  event('device.removed', { realm: realm.path, sub, kind, uuid, by })
  return crestResource(200, resourceOf({ uuid, ...device }))
}

function resourceOf(device: Device): JsonObject & { readonly _id: string; readonly _rev: string } {
  const shown = told.flatMap((name) => {
    const value = member(device, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const digest = createHash('sha256').update(JSON.stringify(device)).digest()
  return {
    _id: device.uuid,
    _rev: base64url(digest.subarray(0, 9)),
    ...Object.fromEntries(shown),
    deviceManagementStatus: false,
  }
}
