import type { NodeType } from '../../journey.ts'
import { innerTree } from './inner-tree.ts'

/** Nodes that lead from one part of a journey to another, and say what becomes of it. */
export const flow: readonly NodeType[] = [innerTree]
