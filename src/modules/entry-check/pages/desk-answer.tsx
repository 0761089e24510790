import type { Context } from 'hono'
import { z } from 'zod'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { formatOf } from '#kernel/i18n/format.ts'
import type { Lang } from '#kernel/i18n/languages.ts'
import { translator } from '#kernel/i18n/translate.ts'
import { nameText } from '#kernel/people/facts.ts'
import { maskedNumber } from '#kernel/people/numbers.ts'
import { birthText } from '#kernel/people/pages/words.ts'
import { problem } from '#kernel/problem.ts'
import { Card, Crumb, Headline, Pairs } from '#kernel/ui/blocks.tsx'
import { Button, LinkButton } from '#kernel/ui/buttons.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { type DeskCheck, getDeskCheck } from '../desk.ts'
import { endPins, givePin } from '../pins.ts'
import { type SeenPage, whoLooked } from '../seen.ts'
import { AnswerView, WhoLooked } from './answer-view.tsx'
import { DESK } from './desk.tsx'

// A page of the log begins here.
const FROM = z.int().min(0).max(1_000_000)

/** The answer at the desk; it comes by itself, whatever it is. */
export const deskAnswerPage = definePage({
  path: `${DESK}/:reference`,
  access: 'entry_check.desk',
  async get(ctx, c) {
    const check = await opened(ctx, c)
    const from = Number(c.req.query('from') ?? 0)
    return <Answered ctx={ctx} check={check} log={await whoLooked(ctx, check.inquiry, FROM.catch(0).parse(from))} />
  },
})

/**
 * Gives reference and PIN for asking again from one's own telephone; the PIN is shown in this one reply. Or ends those that the person
 * has, without another.
 */
export const pinPage = definePage({
  path: `${DESK}/:reference/pin`,
  access: 'entry_check.desk',
  async post(ctx, c, form) {
    const check = await getDeskCheck(ctx, c.req.param('reference')!)
    const log = await whoLooked(ctx, check.inquiry)
    if (form.get('act') !== 'end')
      return <Answered ctx={ctx} check={check} log={log} pin={await givePin(ctx, check.id)} />
    await endPins(ctx, { holder: check.id })
    return <Answered ctx={ctx} check={check} log={log} ended />
  },
})

/** The card to take along, in Tajik and Russian. It names nobody: it may be found. */
export const cardPage = definePage({
  path: `${DESK}/:reference/card`,
  access: 'entry_check.desk',
  async get(ctx, c) {
    const { reference, answer, open_until } = await opened(ctx, c)
    if (!answer) throw problem('not_found')
    const path = `${DESK}/${reference}`
    return (
      <WorkPage ctx={ctx} title={ctx.t('entry_check.card.title')} current={`${DESK}/new`} path={`${path}/card`}>
        <div class="noprint">
          <Crumb href={localPath(ctx, path)} label={ctx.t('entry_check.card.back')} />
          <p class="quiet">{ctx.t('entry_check.card.how')}</p>
        </div>
        {(['tg', 'ru'] as const).map((lang) => (
          <AnswerView ctx={inLanguage(ctx, lang)} answer={answer} reference={reference} open_until={open_until} card />
        ))}
      </WorkPage>
    )
  },
})

async function opened(ctx: Ctx, c: Context): Promise<DeskCheck> {
  const check = await getDeskCheck(ctx, c.req.param('reference')!)
  if (check.answer) await audit(ctx, 'entry_check.open', { type: 'entry_check', id: check.id })
  return check
}

const inLanguage = (ctx: Ctx, lang: Lang): Ctx => ({
  ...ctx,
  ...{ lang, t: translator(ctx.platform.catalogue, lang), format: formatOf(lang) },
})

function Answered({
  ctx,
  check,
  log,
  pin,
  ended,
}: {
  ctx: Ctx
  check: DeskCheck
  log: SeenPage
  /** Six digits, just given. */
  pin?: string
  /** No PIN is left. */
  ended?: boolean
}) {
  const { t } = ctx
  const { reference, answer, facts, open_until } = check
  const path = `${DESK}/${reference}`
  return (
    <WorkPage
      ctx={ctx}
      title={t('entry_check.answer.page')}
      current={`${DESK}/new`}
      path={path}
      head={!answer && <meta http-equiv="refresh" content="2" />}
    >
      <Crumb href={localPath(ctx, `${DESK}/new`)} label={t('entry_check.desk.title')} />
      <Headline title={nameText(facts.name)} lead={`${birthText(facts.birth)} · ${maskedNumber(facts.document)}`} />
      {answer ? (
        <div class="flow">
          {ended && <Note state="ok" title={t('entry_check.pin.ended')} announce />}
          {pin && <Given ctx={ctx} reference={reference} pin={pin} />}
          <AnswerView ctx={ctx} answer={answer} reference={reference} open_until={open_until} card />
          <div class="btns">
            <LinkButton icon="print" href={localPath(ctx, `${path}/card`)}>
              {t('entry_check.card.print')}
            </LinkButton>
            <form method="post" action={localPath(ctx, `${path}/pin`)}>
              <Button kind="second" icon="key">
                {t('entry_check.pin.give')}
              </Button>
            </form>
            <form method="post" action={localPath(ctx, `${path}/pin`)}>
              <Button kind="second" icon="x" name="act" value="end">
                {t('entry_check.pin.end')}
              </Button>
            </form>
          </div>
          <p class="quiet">{t('entry_check.pin.why')}</p>
          <WhoLooked
            ctx={ctx}
            log={log}
            earlier={
              <p>
                <a href={localPath(ctx, `${path}?from=${log.from + log.seen.length}`)}>
                  {t('entry_check.seen.earlier')}
                </a>
              </p>
            }
          />
        </div>
      ) : (
        <Note state="unknown" title={t('entry_check.desk.waiting')} announce>
          {t('entry_check.desk.waiting_text')} <a href={localPath(ctx, path)}>{t('entry_check.desk.again')}</a>
        </Note>
      )}
    </WorkPage>
  )
}

const Given = ({ ctx: { t }, reference, pin }: { ctx: Ctx; reference: string; pin: string }) => (
  <Card>
    <h2>{t('entry_check.pin.title')}</h2>
    <Pairs
      items={[
        [t('my_case.form.reference'), <span class="code">{reference}</span>],
        [t('my_case.form.pin'), <span class="code">{pin}</span>],
      ]}
    />
    <p>{t('entry_check.pin.once')}</p>
  </Card>
)
