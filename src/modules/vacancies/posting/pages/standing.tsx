import type { Ctx } from '#kernel/context.ts'
import { type State, Tag } from '#kernel/ui/states.tsx'
import type { Standing } from '../postings.ts'

const LOOKS: Record<Standing, State> = {
  draft: 'unknown',
  checking: 'unknown',
  public: 'ok',
  held: 'attention',
  refused: 'stop',
  expired: 'attention',
  closed: 'stop',
}

/** How a posting stands, for its employer. */
export const StandingTag = ({ ctx, standing }: { ctx: Ctx; standing: Standing }) => (
  <Tag state={LOOKS[standing]}>{ctx.t(`vacancies.code.posting.${standing}`)}</Tag>
)
