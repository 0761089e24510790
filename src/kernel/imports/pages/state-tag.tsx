import type { Ctx } from '../../context.ts'
import { type State, Tag } from '../../ui/states.tsx'
import type { ImportState } from '../imports.ts'

const LOOKS: Record<ImportState, State> = {
  uploaded: 'unknown',
  reading: 'unknown',
  mapping: 'attention',
  checking: 'unknown',
  checked: 'attention',
  importing: 'unknown',
  done: 'ok',
  cancelled: 'stop',
  failed: 'stop',
}

/** How far an import is, as a state and its word. */
export const stateLook = (ctx: Ctx, state: ImportState) => ({
  state: LOOKS[state],
  label: ctx.t(`imports.import.${state}`),
})

/** The same as a shape and a word. */
export const StateTag = ({ ctx, state }: { ctx: Ctx; state: ImportState }) => (
  <Tag state={LOOKS[state]}>{ctx.t(`imports.import.${state}`)}</Tag>
)
