import type { NodeType } from '../../journey.ts'
import { pageNode } from './page.ts'
import { passwordCollector } from './password-collector.ts'
import { usernameCollector } from './username-collector.ts'

/** Nodes that ask for something, and pages of them. */
export const collectors: readonly NodeType[] = [pageNode, passwordCollector, usernameCollector]
