import { token } from '../../protocol/value/name.ts'
import type { TextRule } from '../../protocol/value/text.ts'

/** Fields of HTTP (RFC 9110, 9111, 9112, 9440), of browsers, of proxies, of FAPI and DPoP, and AM's. */
const taken = new RegExp(
  `^(?:${[
    'accept.*|access-control-.*|age|allow|alt-.*|authorization|cache-control|client-cert-chain',
    'connection|content-.*|cookie.*|date|dnt|dpop.*|early-data|etag|expect|expires|forwarded|from|host',
    'idempotency-key|if-.*|keep-alive|last-.*|link|location|max-forwards|origin.*|pragma|prefer|priority',
    'proxy-.*|purpose|range|referer|retry-after|sec-.*|server|set-cookie.*|strict-.*|te|trace.*|trailer',
    'transfer-encoding|upgrade.*|user-agent|vary|via|warning|www-authenticate',
    'x-fapi-.*|x-forwarded-.*|x-forwarded|x-openam-.*|x-real-ip|x-request.*|x-correlation-.*',
  ].join('|')})$`,
  'i',
)

/**
 * A header that carries nothing else, so that nothing else is taken for a certificate, and no proxy that
 * is told to set it hides what this server reads there.
 */
export const unclaimedHeader: TextRule = {
  one: 'a header name',
  many: 'header names',
  schema: { ...token.schema, format: 'unclaimed-header' },
  wrong: (name) => token.wrong(name) ?? (taken.test(name) ? 'must be a header name' : undefined),
}
