import type { Ctx } from '#kernel/context.ts'
import { type State, Tag } from '#kernel/ui/states.tsx'
import type { decisionsOf } from '../decisions.ts'
import type { EmployerState } from '../employers.ts'

const LOOKS: Record<EmployerState, State> = {
  asked: 'unknown',
  asked_back: 'attention',
  verified: 'ok',
  refused: 'stop',
  suspended: 'stop',
}

/** How far an employer is. */
export const StateTag = ({ ctx, state }: { ctx: Ctx; state: EmployerState }) => (
  <Tag state={LOOKS[state]}>{ctx.t(`employers.code.state.${state}`)}</Tag>
)

type Decision = Awaited<ReturnType<typeof decisionsOf>>[number]

/** What was decided, asked and answered, the newest first. Notes are read by officers only. */
export const Decided = ({ ctx, decisions, notes }: { ctx: Ctx; decisions: readonly Decision[]; notes?: boolean }) => (
  <ul class="flow">
    {decisions.map((decision) => (
      <li>
        <b>{ctx.t(`employers.code.act.${decision.act}`)}</b>
        {decision.undone_at && ` · ${ctx.t('employers.show.undone')}`}
        <br />
        <span class="quiet">{[decision.by, ctx.format.dateTime(decision.decided_at)].filter(Boolean).join(' · ')}</span>
        {decision.said && <p>«{decision.said}»</p>}
        {notes && decision.note && <p class="quiet">{ctx.t('employers.show.note', { note: decision.note })}</p>}
      </li>
    ))}
  </ul>
)
