import type { Json } from '../base/json.ts'

type Scripts = readonly [Json, ...Json[]]

/**
 * Scripts that PingAM and Advanced Identity Cloud ship, by plug-in point: they give the standard
 * claims and change no token, so naming one says nothing that is not done here anyway.
 */
export const shippedScripts: Readonly<Record<'accessTokenModification' | 'oidcClaims', Scripts>> = {
  accessTokenModification: [
    'd22f9a0c-426a-4466-b95e-d0f125b0d5fa',
    '39c08084-1238-43e8-857f-2e11005eac49',
    'c234ba0b-58a1-4cfd-9567-09edde980745',
    '[Empty]',
  ],
  oidcClaims: [
    '36863ffb-40ec-48b9-94b1-9a99f71cc3b5',
    'cf3515f0-8278-4ee3-a530-1bad7424c416',
    '1f389a3d-21cf-417c-a6d3-42ea620071f0',
    '[Empty]',
  ],
}
