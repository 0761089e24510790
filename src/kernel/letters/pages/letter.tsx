import { sql } from 'kysely'
import { audit } from '../../audit/audit.ts'
import type { Ctx } from '../../context.ts'
import { getFile } from '../../files/files.ts'
import { fileResponse } from '../../files/response.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { Card, Crumb, Headline, Pairs } from '../../ui/blocks.tsx'
import { Button, LinkButton } from '../../ui/buttons.tsx'
import { Note, NotStated } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { getLetter, LETTERS, type Letter, lettersAbout, withdrawLetter } from '../letters.ts'

/** One letter that was issued: what it is, its PDF, and withdrawing it. */
export const letterPage = definePage({
  path: `${LETTERS}/:reference`,
  access: 'staff',
  get: async (ctx, c) => <Show ctx={ctx} letter={await getLetter(ctx, c.req.param('reference')!)} />,
  async post(ctx, c) {
    const letter = await getLetter(ctx, c.req.param('reference')!)
    await withdrawLetter(ctx, letter)
    return seeOther(ctx, c, `${LETTERS}/${letter.reference}`)
  },
})

/** The PDF, saved and never shown. */
export const letterFilePage = definePage({
  path: `${LETTERS}/:reference/pdf`,
  access: 'staff',
  async get(ctx, c) {
    const { file_id, reference } = await getLetter(ctx, c.req.param('reference')!)
    if (!file_id) throw problem('not_found')
    await audit(ctx, 'letter.save', { type: 'letter', id: reference })
    return fileResponse(ctx, await getFile(ctx, file_id))
  },
})

async function Show({ ctx, letter }: { ctx: Ctx; letter: Letter }) {
  const { t, format } = ctx
  const path = `${LETTERS}/${letter.reference}`
  const { rows } = await sql<{ issuer: string; recipient: string | null }>`
    select organisations.name_of(${letter.issuer}, ${ctx.lang}) as issuer,
      organisations.name_of(${letter.recipient}, ${ctx.lang}) as recipient`.execute(ctx.db)
  const { issuer, recipient } = rows[0]!
  const reference = letter.subject_id
  const about = ctx.platform.parts.map((part) => part.subjects?.[letter.subject_type]).find(Boolean)
  return (
    <WorkPage ctx={ctx} title={`${t(letter.kind)} ${letter.reference}`} current="/work" path={path}>
      {about && <Crumb href={localPath(ctx, about.href(reference))} label={t(about.label, { reference })} />}
      <Headline title={t(letter.kind)} lead={<span class="code">{letter.reference}</span>}>
        {letter.file_id && (
          <LinkButton icon="doc" href={localPath(ctx, `${path}/pdf`)}>
            {t('letters.letter.save')}
          </LinkButton>
        )}
      </Headline>
      {letter.withdrawn_at && (
        <Note state="stop" title={t('letters.verify.withdrawn', { date: format.date(letter.withdrawn_at) })} announce />
      )}
      <Card>
        <Pairs
          items={[
            [t('letters.verify.issuer'), issuer],
            [t('letters.letter.recipient'), recipient ?? <NotStated ctx={ctx} />],
            [t('letters.verify.date'), format.dateTime(letter.issued_at)],
            [t('letters.letter.lang'), t(`letters.code.lang.${letter.lang}`)],
            [t('letters.verify.rows'), letter.rows === null ? <NotStated ctx={ctx} /> : format.number(letter.rows)],
            [t('letters.verify.code'), <span class="code">{letter.code}</span>],
          ]}
        />
      </Card>
      {!letter.withdrawn_at && (
        <form method="post">
          <Button kind="second" icon="s-stop">
            {t('letters.letter.withdraw')}
          </Button>{' '}
          <span class="quiet">{t('letters.letter.withdraw_hint')}</span>
        </form>
      )}
    </WorkPage>
  )
}

/** The letters about one thing that the reader's office keeps; nothing where there are none. */
export async function LettersCard({ ctx, subject }: { ctx: Ctx; subject: Parameters<typeof lettersAbout>[1] }) {
  const { t, format } = ctx
  const kept = await lettersAbout(ctx, subject)
  if (kept.length === 0) return null
  return (
    <Card id="letters">
      <h2>{t('letters.list.title')}</h2>
      <ul class="flow">
        {kept.map((letter) => (
          <li>
            <a href={localPath(ctx, `${LETTERS}/${letter.reference}`)}>
              {t(letter.kind)} <span class="code">{letter.reference}</span>
            </a>
            <p class="quiet">
              {[
                format.dateTime(letter.issued_at),
                t(`letters.code.lang.${letter.lang}`),
                letter.withdrawn_at && t('letters.list.withdrawn'),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}
