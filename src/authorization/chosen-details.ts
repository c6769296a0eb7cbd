import type { AuthorizationRequest } from '../protocol/authorization-request.ts'

/** The request with those of its authorization details alone that the user allowed, by their places; absent: all. */
export function withChosen(
  request: AuthorizationRequest,
  chosen: readonly number[] | undefined,
): AuthorizationRequest {
  const { authorization_details: asked } = request
  if (chosen === undefined || asked === undefined) return request
  return { ...request, authorization_details: asked.filter((_, i) => chosen.includes(i)) }
}

/** Whether nothing is left of what was asked: to allow none of it is to refuse. */
export function leavesNone(
  request: AuthorizationRequest,
  chosen: readonly number[] | undefined,
): boolean {
  return withChosen(request, chosen).authorization_details?.length === 0
}
