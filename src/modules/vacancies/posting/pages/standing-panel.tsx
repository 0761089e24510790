import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { HiddenField } from '#kernel/ui/fields.tsx'
import { LiveProgress } from '#kernel/ui/progress.tsx'
import { Note, Undo } from '#kernel/ui/states.tsx'
import { undoableUntil } from '../acts.ts'
import { type Posting, type Standing, sameContent, type standingOf } from '../postings.ts'
import { pathOf } from './list.tsx'

const SAID = ['saved', 'published', 'closed', 'renewed', 'undone', 'copied', 'attached', 'removed', 'answered']

// What is written but not public yet.
const isAhead = ({ state, content, published }: Posting) =>
  state === 'out' && published !== null && !sameContent(content, published)

/** What is most likely wanted next: the one filled button of the page. */
export function nextStep(posting: Posting, standing: Standing): 'see' | 'renew' | 'publish' {
  if (standing === 'public' && !isAhead(posting)) return 'see'
  return standing === 'expired' || standing === 'closed' ? 'renew' : 'publish'
}

type Props = {
  ctx: Ctx
  posting: Posting
  how: Awaited<ReturnType<typeof standingOf>>
  next: ReturnType<typeof nextStep>
  done?: string
}

/** How it stands, in words; what can be taken back; what else can be done. */
export function StandingPanel({ ctx, posting, how: { standing, correct }, next, done }: Props) {
  const { t } = ctx
  const until = undoableUntil(ctx, posting)
  const action = localPath(ctx, `${pathOf(posting)}/act`)
  const act = (name: Act) => (
    <form method="post" action={action}>
      <HiddenField name="act" value={name} />
      <Button kind={name === next ? 'filled' : 'second'} icon={ICONS[name]}>
        {t(`vacancies.posting.do.${name}`)}
      </Button>
    </form>
  )
  const rarely: Act[] = posting.published && next !== 'renew' ? ['renew', 'copy'] : ['copy']
  const toCorrect = standing === 'held' || standing === 'refused' ? correct : []
  return (
    <>
      {until && (
        <Undo
          ctx={ctx}
          action={action}
          fields={<HiddenField name="act" value="undo" />}
          title={t(`vacancies.posting.did.${posting.undo!.act}`)}
        >
          {t('vacancies.posting.undo_until', { time: ctx.format.time(until) })}
        </Undo>
      )}
      {done && SAID.includes(done) && !until && (
        <Note state="ok" title={t(`vacancies.posting.done.${done}`)} announce />
      )}
      {standing === 'checking' ? (
        <LiveProgress ctx={ctx} src={localPath(ctx, pathOf(posting))}>
          <Note state="unknown" title={t('vacancies.posting.said.checking')} />
        </LiveProgress>
      ) : (
        <Note
          state={standing === 'public' ? 'ok' : standing === 'draft' || standing === 'closed' ? 'unknown' : 'attention'}
          title={t(`vacancies.posting.said.${standing}`)}
        >
          {t(`vacancies.posting.next.${standing}`)}
          {toCorrect.length > 0 && (
            <ul>
              {toCorrect.map((column) => (
                <li>
                  <a href={`#${FIELD_OF[column] ?? column}`}>{t(`vacancies.column.${column}`)}</a>
                </li>
              ))}
            </ul>
          )}
          {isAhead(posting) && <p>{t('vacancies.posting.unpublished')}</p>}
        </Note>
      )}
      {(posting.state === 'out' || next === 'renew') && (
        <Buttons>
          {standing === 'public' && (
            <LinkButton
              kind={next === 'see' ? 'filled' : 'second'}
              href={localPath(ctx, `/vacancies/${posting.reference}`)}
              icon="globe"
            >
              {t('vacancies.posting.see')}
            </LinkButton>
          )}
          {next === 'renew' && act('renew')}
          {posting.state === 'out' && act('close')}
        </Buttons>
      )}
      <div class="form">
        <More
          label={t('vacancies.posting.acts')}
          hint={rarely.map((name) => t(`vacancies.posting.do.${name}`)).join(' · ')}
        >
          <Buttons>{rarely.map(act)}</Buttons>
        </More>
      </div>
    </>
  )
}

type Act = 'close' | 'renew' | 'copy'
const ICONS = { close: 'x', renew: 'calendar', copy: 'doc' } as const

// An officer's signs may name the whole offer or the employer.
const FIELD_OF: Record<string, string> = { pay: 'pay_min', employer_name: 'title' }
