import type { Ctx } from '#kernel/context.ts'
import { defineExport } from '#kernel/exports/export.ts'
import { ExportLinks } from '#kernel/exports/pages/links.tsx'
import { type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { placeName } from '#kernel/places/places.ts'
import { Card, Empty, Headline } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { ErrorSummary } from '#kernel/ui/errors.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { MONTHS, monthOf } from '../figures.ts'
import { EntryForm, enterable, enterRegistered, newestEntries } from '../registered.ts'
import { monthName } from './months.ts'

export const REGISTERED_PATH = '/work/labour-market'
const SHOWN = 50

/** What the office stated about the registered unemployed, and one statement more. */
export const registeredPage = definePage({
  path: REGISTERED_PATH,
  access: 'labour_market.enter',
  get: (ctx, c) => registeredDocument(ctx, { done: c.req.query('done') === 'entered' }),
  async post(ctx, c, form) {
    const read = readForm(EntryForm, form)
    if (read.ok && (await enterRegistered(ctx, read.value))) return seeOther(ctx, c, `${REGISTERED_PATH}?done=entered`)
    c.status(422)
    const errors = read.ok ? { month: 'labour_market.enter.month_missing' } : read.errors
    return registeredDocument(ctx, { values: read.values, errors })
  },
})

type State = { done?: boolean; values?: FormValues; errors?: Record<string, string> }

async function registeredDocument(ctx: Ctx, { done, values, errors = {} }: State) {
  const { t, format } = ctx
  const entries = await newestEntries(ctx, SHOWN)
  const words = Object.fromEntries(Object.entries(errors).map(([field, key]) => [field, t(key)]))
  const now = monthOf(plainDate(ctx.now))
  const months = Array.from({ length: MONTHS }, (_, ago) => now.subtract({ months: ago + 1 }))
  const places = await Promise.all(
    (await enterable(ctx)).map(async (value) => ({ value, label: await placeName(ctx, value) })),
  )
  const rows = await Promise.all(
    entries.map(async ({ month, place_code, people, source, entered_at }) => [
      monthName(ctx, month),
      await placeName(ctx, place_code),
      format.number(people),
      source,
      format.dateTime(entered_at),
    ]),
  )
  return (
    <WorkPage ctx={ctx} title={t('labour_market.enter.title')} current={REGISTERED_PATH}>
      <Headline title={t('labour_market.enter.title')} lead={t('labour_market.enter.lead')}>
        <ExportLinks ctx={ctx} href={(ending) => localPath(ctx, `${REGISTERED_PATH}${ending}`)} />
      </Headline>
      {done && (
        <Note state="ok" title={t('labour_market.enter.done')} announce>
          {t('labour_market.enter.done_text')}
        </Note>
      )}
      <Card>
        <h2>{t('labour_market.enter.new')}</h2>
        <ErrorSummary ctx={ctx} errors={words} />
        <form method="post" action={localPath(ctx, REGISTERED_PATH)} class="flow">
          <SelectField
            name="month"
            label={t('labour_market.enter.month')}
            value={values?.month ?? `${months[0]}`.slice(0, 7)}
            error={words.month}
            options={months.map((month) => ({ value: `${month}`.slice(0, 7), label: monthName(ctx, month) }))}
          />
          <SelectField
            name="place"
            label={t('labour_market.enter.place')}
            hint={t('labour_market.enter.place_hint')}
            value={values?.place}
            empty={t('ui.choose')}
            error={words.place}
            options={places}
          />
          <TextField
            name="people"
            label={t('labour_market.enter.people')}
            inputmode="numeric"
            width="short"
            value={values?.people}
            error={words.people}
          />
          <TextField
            name="source"
            label={t('labour_market.enter.source')}
            hint={t('labour_market.enter.source_hint')}
            value={values?.source}
            error={words.source}
            maxlength={200}
          />
          <Buttons>
            <Button icon="save">{t('labour_market.enter.save')}</Button>
          </Buttons>
        </form>
      </Card>
      <h2>{t('labour_market.enter.stated')}</h2>
      {rows.length === 0 ? (
        <Empty title={t('labour_market.enter.none')} text={t('labour_market.enter.none_text')} />
      ) : (
        <Table
          caption={t('labour_market.enter.stated')}
          hidden
          columns={[
            { label: t('labour_market.enter.month') },
            { label: t('labour_market.enter.place') },
            { label: t('labour_market.enter.people'), num: true },
            { label: t('labour_market.enter.source') },
            { label: t('labour_market.enter.when') },
          ]}
          rows={rows}
        />
      )}
    </WorkPage>
  )
}

/** Everything the office stated, corrections too. */
export const registeredExport = defineExport({
  name: 'labour_market.registered',
  title: 'labour_market.enter.title',
  permission: 'labour_market.enter',
  act: 'labour_market.export',
  headings: () => ['month', 'place', 'name', 'people', 'source', 'entered', 'sample'],
  async *rows(ctx) {
    for (const { month, place_code, people, source, entered_at, sample } of await newestEntries(ctx, 100_000))
      yield [`${month}`.slice(0, 7), place_code, await placeName(ctx, place_code), people, source, entered_at, sample]
  },
  count: async (ctx, _query, most) => (await newestEntries(ctx, most)).length,
})
