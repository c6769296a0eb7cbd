import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import type { StaticFile } from '../../page/static-file.ts'
import { staticFiles } from '../../page/static-file.ts'
import { isKnown } from '../serve/cacheable.ts'
import type { Endpoint } from '../serve/endpoint.ts'

/** The files the pages point to. */
export const assets: readonly Endpoint[] = staticFiles.map(asset)

function asset(file: StaticFile): Endpoint {
  return {
    path: file.path,
    under: 'am',
    methods: ['GET'],
    errors: 'page',
    cors: false,
    handle: (_realm, http) => sendFile(http, file),
  }
}

/** A file that pages name with its version. */
export function sendFile(http: HttpRequest, file: StaticFile): HttpResponse {
  const headers = {
    etag: file.etag,
    // Pages name the version in the address (`StaticFile.href`); other visitors ask again.
    'cache-control': file.href.endsWith(`?${http.query}`)
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
    'x-content-type-options': 'nosniff',
  }
  if (isKnown(header(http, 'if-none-match'), file.etag)) {
    return { status: 304, headers, body: '' }
  }
  return { status: 200, headers: { ...headers, 'content-type': file.type }, body: file.body }
}
