import { may } from '../../access/authorise.ts'
import type { Ctx } from '../../context.ts'
import type { FormErrors, FormValues } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { newId } from '../../ids.ts'
import { problem } from '../../problem.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '../../ui/buttons.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { HiddenField, SelectField } from '../../ui/fields.tsx'
import { Note } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { enterPerson, findEntry } from '../entries.ts'
import { nameText, type StatedRecord } from '../facts.ts'
import { beginLookup, coveringLookup, findLookup, noteLook } from '../looks.ts'
import { getPerson, type Person, type PersonLine, personLines, recordsOf } from '../persons.ts'
import { PURPOSES } from '../purposes.ts'
import { searchPeople } from '../search.ts'
import { Fields, PersonFields, type Reading, readPerson } from './new-fields.tsx'
import { PEOPLE } from './search.tsx'
import { birthText, langOf, namesText, placeText } from './words.ts'

const NEW_PERSON = `${PEOPLE}/new`
const MOST_ALIKE = 5
// One in some thousands that it is the same person: a name with another ending is above, one name and a year in common are below.
const LEAST_ALIKE = -13
const NOBODY = 'nobody'

/**
 * A person entered by hand at a desk, or a document or telephone added to one who is here (`?person=REFERENCE`). Whoever may search
 * is shown who it may be, before anything is kept.
 */
export const newPersonPage = definePage({
  path: NEW_PERSON,
  access: 'person.enter',
  async get(ctx, c) {
    const person = await personOf(ctx, c.req.query('person'))
    if (person && !(await coveringLookup(ctx, person.id))) return seeOther(ctx, c, `${PEOPLE}/${person.reference}`)
    return <Enter ctx={ctx} person={person} values={{ id: newId() }} />
  },
  async post(ctx, c, form) {
    const person = await personOf(ctx, String(form.get('person') ?? '') || undefined)
    const reading = await readPerson(ctx, form, person ? await knownOf(ctx, person) : null)
    if (!reading.ok) {
      c.status(422)
      return <Enter ctx={ctx} person={person} values={reading.values} errors={reading.errors} />
    }
    const { value, stated } = reading
    if (await findEntry(ctx, value.id)) return seeOther(ctx, c, `${NEW_PERSON}/${value.id}`)
    const sees = may(ctx, 'person.search')
    if (sees && !person && !value.same) {
      const alike = await alikeOf(ctx, reading)
      if (alike.length > 0) return <Alike ctx={ctx} reading={reading} lines={alike} />
    }
    const chosen = person ?? (sees && value.same && value.same !== NOBODY ? await getPerson(ctx, value.same) : null)
    const lookup = chosen ? await coveringLookup(ctx, chosen.id) : undefined
    if (chosen && !lookup) throw problem('not_found')
    await enterPerson(ctx, {
      ...{ id: value.id, stated, label: value.label, same_as: chosen?.id ?? null },
      lookup_id:
        lookup?.id ?? (may(ctx, 'person.read') ? await beginLookup(ctx, value.purpose ?? 'request', null) : null),
      flag: value.flag === 'none' || person ? null : value.flag,
    })
    return seeOther(ctx, c, `${NEW_PERSON}/${value.id}`)
  },
})

/**
 * What became of an entry: that it is kept, and as soon as the registry has it the person, or for those who see nobody there a
 * reference of the entry itself, which says nothing of whom it is counted with.
 */
export const enteredPage = definePage({
  path: `${NEW_PERSON}/:id`,
  access: 'person.enter',
  async get(ctx, c) {
    const id = PersonFields.shape.id.safeParse(c.req.param('id'))
    const entry = id.success ? await findEntry(ctx, id.data) : undefined
    if (!entry) throw problem('not_found')
    if (!entry.record_id) return <Waiting ctx={ctx} id={id.data!} />
    if (!may(ctx, 'person.read')) return <Kept ctx={ctx} reference={entry.reference} />
    if (!entry.person) throw problem('not_found')
    const lookup = entry.lookup_id ? await findLookup(ctx, entry.lookup_id) : undefined
    if (lookup) await noteLook(ctx, (await getPerson(ctx, entry.person)).id, lookup, 'opened')
    return seeOther(ctx, c, `${PEOPLE}/${entry.person}`)
  },
})

const personOf = async (ctx: Ctx, reference: string | undefined): Promise<Person | null> =>
  reference && may(ctx, 'person.read') ? getPerson(ctx, reference) : null

// What is added is a record of its own: it says of whom, in the words that are here already.
async function knownOf(ctx: Ctx, person: Person): Promise<StatedRecord> {
  const records = await recordsOf(ctx, person.id)
  const first = records.find(({ names }) => names.length > 0) ?? records[0]
  if (!first) throw problem('not_found')
  const { names, birth, sex, citizenship } = first
  return {
    ...{ names, birth, sex: sex as StatedRecord['sex'], citizenship, documents: [], adverse: false },
    home_district: null,
  }
}

async function alikeOf(ctx: Ctx, { stated, value }: Reading & { ok: true }): Promise<PersonLine[]> {
  const { found } = await searchPeople(ctx, {
    name: stated.names[0] && nameText(stated.names[0]),
    birth: stated.birth,
    document: stated.documents[0]?.number,
    ...{ purpose: value.purpose ?? 'request', words: value.label },
  })
  return found.filter(({ fit }) => fit >= LEAST_ALIKE).slice(0, MOST_ALIKE)
}

type EnterProps = { ctx: Ctx; person: Person | null; values: FormValues; errors?: FormErrors }

async function Enter({ ctx, person, values, errors = {} }: EnterProps) {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  const [line] = person ? await personLines(ctx, [person.id]) : []
  const title = t(person ? 'people.new.add_title' : 'people.new.title')
  return (
    <WorkPage ctx={ctx} title={title} current={NEW_PERSON}>
      {person && <Crumb href={localPath(ctx, `${PEOPLE}/${person.reference}`)} label={person.reference} />}
      <Headline title={title} lead={line ? namesText(line.names)[0] : t('people.new.lead')} />
      <ErrorSummary ctx={ctx} errors={words} />
      <form method="post" action={localPath(ctx, NEW_PERSON)} class="card flow" autocomplete="off">
        <HiddenField name="id" value={values.id ?? newId()} />
        <HiddenField name="person" value={person?.reference} />
        <Fields ctx={ctx} values={values} words={words} adding={person !== null} />
        {!person && may(ctx, 'person.search') && (
          <SelectField
            name="purpose"
            label={t('people.new.purpose')}
            hint={t('people.search.purpose_hint')}
            options={PURPOSES.map((value) => ({ value, label: t(`people.code.purpose.${value}`) }))}
            value={values.purpose ?? 'request'}
            error={words.purpose}
          />
        )}
        <Buttons>
          <Button>{t(person ? 'people.new.add' : 'people.new.continue')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}

type AlikeProps = { ctx: Ctx; reading: Reading & { ok: true }; lines: readonly PersonLine[] }

/** May it be one of these? All that was typed goes along, unseen. */
async function Alike({ ctx, reading, lines }: AlikeProps) {
  const { t } = ctx
  const options = await Promise.all(
    lines.map(async ({ reference, names, birth, home_district, citizenship }) => ({
      value: reference,
      label: [namesText(names).join(' · ') || t('people.nameless'), birthText(birth)].filter(Boolean).join(', '),
      hint: [await placeText(ctx, home_district ?? citizenship), reference].filter(Boolean).join(' · '),
    })),
  )
  const [name] = reading.stated.names.map(nameText)
  return (
    <WorkPage ctx={ctx} title={t('people.new.alike_title')} current={NEW_PERSON}>
      <Headline title={t('people.new.alike_title')} lead={t('people.new.alike_lead')} />
      <form method="post" action={localPath(ctx, NEW_PERSON)} class="card flow">
        {Object.entries(reading.values).map(
          ([field, value]) => field !== 'same' && <HiddenField name={field} value={value} />,
        )}
        <RadioGroup
          name="same"
          label={
            <>
              <span lang={langOf(name ?? '')}>{name}</span>
              {reading.stated.birth ? `, ${birthText(reading.stated.birth)}` : ''}
            </>
          }
          value={NOBODY}
          options={[...options, { value: NOBODY, label: t('people.new.nobody'), hint: t('people.new.nobody_hint') }]}
        />
        <Buttons>
          <Button>{t('people.new.save')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}

const Waiting = ({ ctx, id }: { ctx: Ctx; id: string }) => (
  <WorkPage ctx={ctx} title={ctx.t('people.new.waiting_title')} current={NEW_PERSON}>
    <noscript>
      <meta http-equiv="refresh" content="5" />
    </noscript>
    <Headline title={ctx.t('people.new.waiting_title')} lead={ctx.t('people.new.waiting')} />
    <LinkButton kind="second" href={localPath(ctx, `${NEW_PERSON}/${id}`)}>
      {ctx.t('people.new.look')}
    </LinkButton>
  </WorkPage>
)

const Kept = ({ ctx, reference }: { ctx: Ctx; reference: string | null }) => (
  <WorkPage ctx={ctx} title={ctx.t('people.new.kept_title')} current={NEW_PERSON}>
    <Headline title={ctx.t('people.new.kept_title')} />
    {reference && (
      <Note state="ok" title={reference}>
        {ctx.t('people.new.kept')}
      </Note>
    )}
    <LinkButton href={localPath(ctx, NEW_PERSON)}>{ctx.t('people.new.another')}</LinkButton>
  </WorkPage>
)
