import { adminPassword, type RunningServer } from '../server.ts'

/** One call of AM's configuration API as the administrator; the path begins with the realm's name. */
export type AdminRest = (
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  body?: unknown,
) => Promise<Record<string, Record<string, unknown>>>

export async function adminRest(server: RunningServer): Promise<AdminRest> {
  const json = `${server.origin}/am/json/realms/root`
  const { tokenId } = (await call(`${json}/authenticate`, {
    method: 'POST',
    headers: {
      'accept-api-version': 'resource=2.0, protocol=1.0',
      'x-openam-username': 'amadmin',
      'x-openam-password': adminPassword,
    },
  })) as { tokenId: string }
  const headers = { 'accept-api-version': 'resource=1.0', iplanetdirectorypro: tokenId }
  return async (method, path, body) =>
    (await call(`${json}/realms/${path}`, {
      ...{ method, headers, body: body === undefined ? null : JSON.stringify(body) },
    })) as Record<string, Record<string, unknown>>
}

async function call(
  url: string,
  { headers, ...rest }: { method: string; headers: Record<string, string>; body?: string | null },
): Promise<unknown> {
  const typed = { 'content-type': 'application/json', ...headers }
  const response = await fetch(url, { ...rest, headers: typed })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return response.json()
}
