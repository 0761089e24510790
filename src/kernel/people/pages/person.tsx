import type { Context } from 'hono'
import { z } from 'zod'
import { may } from '../../access/authorise.ts'
import type { Ctx } from '../../context.ts'
import { type FormErrors, type FormValues, readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { Card, Crumb, Headline, Pairs } from '../../ui/blocks.tsx'
import { Button, LinkButton } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { NotStated, Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { nameText } from '../facts.ts'
import { beginLookup, coveringLookup, noteLook } from '../looks.ts'
import { contactsOf, documentsOf, getPerson, type Person, type RecordOfPerson, recordsOf } from '../persons.ts'
import { History, MergeForm, ProtectionCard, Waits } from './person-acts.tsx'
import { AskPurpose, PurposeForm } from './purpose-form.tsx'
import { PEOPLE } from './search.tsx'
import { birthText, langOf, namesText, placeText, scriptOf } from './words.ts'

/** One person: names, documents, the records they come from, what happened to them, and what other parts know. */
export const personPage = definePage({
  path: '/work/people/:reference',
  access: 'person.read',
  async get(ctx, c) {
    const person = await ofRequest(ctx, c)
    if (person.reference !== c.req.param('reference')) return seeOther(ctx, c, `${PEOPLE}/${person.reference}`)
    const lookup = await coveringLookup(ctx, person.id)
    if (!lookup) return <AskPurpose ctx={ctx} reference={person.reference} />
    await noteLook(ctx, person.id, lookup, 'opened')
    const waits = (name: string) => z.uuid().safeParse(c.req.query(name)).data
    return (
      <PersonView
        ctx={ctx}
        person={person}
        proposed={waits('proposed')}
        waits={waits('waits')}
        returns={waits('returns')}
      />
    )
  },
  async post(ctx, c, form) {
    const person = await ofRequest(ctx, c)
    const result = readForm(PurposeForm, form)
    if (!result.ok) {
      c.status(422)
      return <AskPurpose ctx={ctx} reference={person.reference} values={result.values} errors={result.errors} />
    }
    const { purpose, words = null } = result.value
    await noteLook(ctx, person.id, { id: await beginLookup(ctx, purpose, words), purpose }, 'opened')
    return seeOther(ctx, c, `${PEOPLE}/${person.reference}`)
  },
})

/** The same with every number in full: answered, not redirected to, so that it has no address. */
export const personNumbersPage = definePage({
  path: '/work/people/:reference/numbers',
  access: 'person.read',
  async post(ctx, c) {
    const person = await ofRequest(ctx, c)
    const lookup = await coveringLookup(ctx, person.id)
    if (!lookup) return seeOther(ctx, c, `${PEOPLE}/${person.reference}`)
    await noteLook(ctx, person.id, lookup, 'numbers')
    return <PersonView ctx={ctx} person={person} numbers />
  },
})

const ofRequest = (ctx: Ctx, c: Context): Promise<Person> => getPerson(ctx, c.req.param('reference')!)

type ViewProps = {
  ctx: Ctx
  person: Person
  /** Every number in full. */
  numbers?: boolean
  /** The review into which the actor just put the person, or in which it waited already. */
  proposed?: string
  waits?: string
  /** The same, where that was all that taking back a split could do. */
  returns?: string
  /** What was sent and cannot be done. */
  wrong?: { values: FormValues; errors: FormErrors }
}

export async function PersonView({ ctx, person, numbers = false, proposed, waits, returns, wrong }: ViewProps) {
  const { t } = ctx
  const errors = errorTexts(ctx, wrong?.errors ?? {})
  const path = `${PEOPLE}/${person.reference}`
  const records = await recordsOf(ctx, person.id)
  const [name = t('people.nameless')] = namesText(records.flatMap((record) => record.names))
  const panels = ctx.platform.parts
    .flatMap((part) => part.personPanels ?? [])
    .filter(({ permission }) => may(ctx, permission))
  return (
    <WorkPage ctx={ctx} title={t('people.person.title', { reference: person.reference })} current={PEOPLE} path={path}>
      <Crumb href={localPath(ctx, PEOPLE)} label={t('people.search.title')}>
        <span class="code">{person.reference}</span>
      </Crumb>
      <Headline
        title={<span lang={langOf(name)}>{name}</span>}
        lead={t('people.person.lead', { since: ctx.format.date(person.created_at), count: records.length })}
      >
        <LinkButton kind="second" icon="clock" href={localPath(ctx, `${path}/log`)}>
          {t('people.log.link')}
        </LinkButton>
        {may(ctx, 'person.enter') && (
          <LinkButton kind="second" icon="person" href={localPath(ctx, `${PEOPLE}/new?person=${person.reference}`)}>
            {t('people.new.add_title')}
          </LinkButton>
        )}
      </Headline>
      <ErrorSummary ctx={ctx} errors={errors} />
      {proposed && <Waits ctx={ctx} review={proposed} title={t('people.merge.proposed')} />}
      {waits && <Waits ctx={ctx} review={waits} title={t('people.merge.waits')} />}
      {returns && <Waits ctx={ctx} review={returns} title={t('people.merge.returns')} />}
      <Facts ctx={ctx} records={records} />
      <Names ctx={ctx} records={records} />
      <Numbers ctx={ctx} path={path} records={records} whole={numbers} />
      <Records ctx={ctx} path={path} records={records} />
      {
        await Promise.all(
          panels.map(async ({ title, render }) => {
            const inside = await render(ctx, person.id)
            return (
              inside && (
                <section>
                  <h2>{t(title)}</h2>
                  {inside}
                </section>
              )
            )
          }),
        )
      }
      <ProtectionCard ctx={ctx} person={person} records={records} errors={errors} />
      <History ctx={ctx} person={person} />
      <MergeForm ctx={ctx} person={person} value={wrong?.values.other} error={errors.other} />
    </WorkPage>
  )
}

async function Facts({ ctx, records }: { ctx: Ctx; records: readonly RecordOfPerson[] }) {
  const { t } = ctx
  const all = <K extends keyof RecordOfPerson>(key: K) =>
    [...new Set(records.map((record) => record[key]))].filter((value) => value !== null)
  const list = (values: readonly (string | null)[]) =>
    values.length === 0 ? <NotStated ctx={ctx} /> : values.join(' · ')
  return (
    <Card>
      <Pairs
        items={[
          [t('people.field.birth'), list(all('birth').map((birth) => birthText(Number(birth))))],
          [t('people.field.sex'), list(all('sex').map((sex) => t(`people.code.sex.${sex}`)))],
          [
            t('people.field.citizenship'),
            list(await Promise.all(all('citizenship').map((code) => placeText(ctx, String(code))))),
          ],
          [
            t('people.field.district'),
            list(await Promise.all(all('home_district').map((code) => placeText(ctx, String(code))))),
          ],
        ]}
      />
    </Card>
  )
}

const Names = ({ ctx, records }: { ctx: Ctx; records: readonly RecordOfPerson[] }) => {
  const { t } = ctx
  const names = records.flatMap((record) => record.names.map((name) => ({ name, record })))
  return (
    <Table
      caption={t('people.names')}
      columns={[
        { label: t('people.field.name') },
        { label: t('people.field.script') },
        { label: t('people.field.validity') },
        { label: t('people.field.source') },
      ]}
      rows={names.map(({ name, record }) => {
        const text = nameText(name)
        return [
          <span lang={langOf(text)}>{text}</span>,
          t(`people.code.script.${scriptOf(text)}`),
          name.since || name.until ? (
            [name.since, name.until].map((day) => (day ? dayText(ctx, day) : '…')).join(' – ')
          ) : (
            <NotStated ctx={ctx} />
          ),
          sourceText(ctx, record),
        ]
      })}
    />
  )
}

const dayText = (ctx: Ctx, day: string) =>
  /^\d{4}-\d\d-\d\d$/.test(day) ? ctx.format.date(Temporal.PlainDate.from(day)) : day

const sourceText = (ctx: Ctx, { label, row_number, received_at }: RecordOfPerson) =>
  [label, row_number && ctx.t('people.row', { row: ctx.format.number(row_number) }), ctx.format.date(received_at)]
    .filter(Boolean)
    .join(', ')

async function Numbers({
  ctx,
  path,
  records,
  whole,
}: {
  ctx: Ctx
  path: string
  records: readonly RecordOfPerson[]
  whole: boolean
}) {
  const { t, format } = ctx
  const ids = records.map(({ id }) => id)
  const documents = await documentsOf(ctx, ids, whole)
  const contacts = await contactsOf(ctx, ids, whole)
  if (documents.length + contacts.length === 0) return null
  const only = (answer: boolean | null) =>
    answer === null ? <NotStated ctx={ctx} /> : t(answer ? 'people.phone.only_theirs' : 'people.phone.shared')
  return (
    <section class="flow" id="numbers">
      <Table
        caption={t('people.documents')}
        columns={[
          { label: t('people.field.kind') },
          { label: t('people.field.number') },
          { label: t('people.field.issued') },
          { label: t('people.field.about') },
        ]}
        rows={[
          ...(await Promise.all(
            documents.map(async ({ kind, country, number, issued_on, expires_on }) => [
              [t(`people.code.document.${kind}`), await placeText(ctx, country)].filter(Boolean).join(', '),
              <span class="code">{number}</span>,
              issued_on ? format.date(issued_on) : <NotStated ctx={ctx} />,
              expires_on ? t('people.expires', { date: format.date(expires_on) }) : <NotStated ctx={ctx} />,
            ]),
          )),
          ...contacts.map(({ phone, only_theirs, reach }) => [
            t('people.phone'),
            <span class="code">{phone}</span>,
            '–',
            <>
              {only(only_theirs)}
              {reach && <> · {reach}</>}
            </>,
          ]),
        ]}
      />
      {!whole && (
        <form method="post" action={localPath(ctx, `${path}/numbers`)}>
          <Button kind="second" icon="key">
            {t('people.show_numbers')}
          </Button>{' '}
          <span class="quiet">{t('people.show_numbers_hint')}</span>
        </form>
      )}
    </section>
  )
}

const Records = ({ ctx, path, records }: { ctx: Ctx; path: string; records: readonly RecordOfPerson[] }) => {
  const { t } = ctx
  return (
    <Table
      caption={t('people.records')}
      columns={[
        { label: t('people.field.source') },
        { label: t('people.field.custodian') },
        { label: t('people.field.stated') },
        { label: t('people.field.act') },
      ]}
      rows={records.map((record) => [
        sourceText(ctx, record),
        record.organisation,
        <>
          {namesText(record.names).join(' · ')} {birthText(record.birth)}{' '}
          {record.adverse && <Tag state="attention">{t('people.adverse')}</Tag>}
        </>,
        records.length > 1 && may(ctx, 'person.merge') ? (
          <form method="post" action={localPath(ctx, `${path}/acts`)}>
            <input type="hidden" name="act" value="split" />
            <input type="hidden" name="record" value={record.id} />
            <Button kind="plain">{t('people.split')}</Button>
          </form>
        ) : (
          '–'
        ),
      ])}
    />
  )
}
