import { may } from '../../access/authorise.ts'
import type { Ctx } from '../../context.ts'
import { localPath } from '../../http/page.ts'
import { Card, More } from '../../ui/blocks.tsx'
import { Button } from '../../ui/buttons.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Note } from '../../ui/states.tsx'
import { type EventOf, eventsOf, type Person } from '../persons.ts'
import { PROTECTIONS, protectionsOf } from '../protection.ts'
import { PEOPLE } from './search.tsx'
import { probabilityText } from './words.ts'

const actsOf = (ctx: Ctx, { reference }: Person) => localPath(ctx, `${PEOPLE}/${reference}/acts`)
const REVERSIBLE = ['merge', 'split', 'apart']

/** What happened to a person, with the way back. */
export async function History({ ctx, person }: { ctx: Ctx; person: Person }) {
  const { t } = ctx
  const events = await eventsOf(ctx, person.id)
  if (events.length === 0) return null
  return (
    <More icon="clock" label={t('people.history')}>
      <ul class="flow">
        {events.map((event) => (
          <li>
            <b>{t(`people.code.event.${event.kind}`)}</b> · {t(`people.code.reason.${event.reason}`)}
            {event.other_reference && (
              <>
                {' '}
                · <span class="code">{event.person_reference}</span> – <span class="code">{event.other_reference}</span>
              </>
            )}
            {event.undone_by && ` · ${t('people.undone')}`}
            <br />
            <span class="quiet">
              {[ctx.format.dateTime(event.at), event.actor, event.second].filter(Boolean).join(' · ')}
              {event.probability !== null &&
                ` · ${t('people.probability', { value: probabilityText(ctx, event.probability) })}`}
            </span>
            <TakeBack ctx={ctx} person={person} event={event} />
          </li>
        ))}
      </ul>
    </More>
  )
}

const TakeBack = ({ ctx, person, event }: { ctx: Ctx; person: Person; event: EventOf }) =>
  REVERSIBLE.includes(event.kind) && !event.undone_by && may(ctx, 'person.merge') ? (
    <form method="post" action={actsOf(ctx, person)}>
      <input type="hidden" name="act" value="take_back" />
      <input type="hidden" name="event" value={event.id} />
      <Button kind="plain" icon="undo">
        {ctx.t('people.take_back')}
      </Button>
    </form>
  ) : null

/** Whose data must not go on: shown only to those who may set it. */
export async function ProtectionCard({ ctx, person }: { ctx: Ctx; person: Person }) {
  const { t } = ctx
  if (!may(ctx, 'person.protect')) return null
  const flags = await protectionsOf(ctx, person.id)
  return (
    <Card id="protection">
      <h2>{t('people.protection.title')}</h2>
      {flags.length === 0 && <p>{t('people.protection.none')}</p>}
      {flags.map(({ flag, since }) => (
        <Note state="attention" icon="shield" title={t(`people.code.protection.${flag}`)}>
          {t('people.protection.since', { date: ctx.format.date(since) })}
          <form method="post" action={actsOf(ctx, person)}>
            <input type="hidden" name="act" value="unprotect" />
            <input type="hidden" name="flag" value={flag} />
            <Button kind="plain">{t('people.protection.lift')}</Button>
          </form>
        </Note>
      ))}
      <form method="post" action={actsOf(ctx, person)} class="flow">
        <input type="hidden" name="act" value="protect" />
        <SelectField
          name="flag"
          label={t('people.protection.flag')}
          hint={t('people.protection.hint')}
          options={PROTECTIONS.map((value) => ({ value, label: t(`people.code.protection.${value}`) }))}
        />
        <Button kind="second" icon="shield">
          {t('people.protection.set')}
        </Button>
      </form>
    </Card>
  )
}

/** Joins another person to this one, by reference. */
export const MergeForm = ({ ctx, person }: { ctx: Ctx; person: Person }) =>
  may(ctx, 'person.merge') ? (
    <More icon="people" label={ctx.t('people.merge.title')}>
      <form method="post" action={actsOf(ctx, person)} class="flow">
        <input type="hidden" name="act" value="merge" />
        <TextField
          name="other"
          label={ctx.t('people.merge.other')}
          hint={ctx.t('people.merge.hint')}
          width="short"
          maxlength={20}
        />
        <Button kind="second">{ctx.t('people.merge.button')}</Button>
      </form>
    </More>
  ) : null
