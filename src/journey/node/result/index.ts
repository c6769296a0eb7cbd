import type { NodeType } from '../../journey.ts'
import { setErrorDetails, setFailureDetails, setSuccessDetails } from './details.ts'
import { setFailureUrl, setSuccessUrl } from './url.ts'

/** Nodes that say what is told of the end of a journey. */
export const results: readonly NodeType[] = [
  setErrorDetails,
  setFailureDetails,
  setFailureUrl,
  setSuccessDetails,
  setSuccessUrl,
]
