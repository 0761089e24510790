import { may } from '../../access/authorise.ts'
import type { Ctx } from '../../context.ts'
import { localPath } from '../../http/page.ts'
import { Card, More } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { CheckboxField, RadioGroup } from '../../ui/choices.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Note } from '../../ui/states.tsx'
import { type EventOf, eventsOf, type Person } from '../persons.ts'
import { PROTECTIONS, protectionsOf } from '../protection.ts'
import { QUEUE } from './review-queue.tsx'
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
  // Where the other one is erased, or not for the actor to see, there is no way back; nor here, where it would part others.
  REVERSIBLE.includes(event.kind) &&
  !event.undone_by &&
  !event.elsewhere &&
  event.other_reference &&
  may(ctx, 'person.merge') ? (
    <form method="post" action={actsOf(ctx, person)}>
      <input type="hidden" name="act" value="take_back" />
      <input type="hidden" name="event" value={event.id} />
      <Button kind="plain" icon="undo">
        {ctx.t('people.take_back')}
      </Button>
    </form>
  ) : null

/** Whose data must not go on: shown only to those who may set it. */
export async function ProtectionCard({
  ctx,
  person,
  records,
  errors,
}: {
  ctx: Ctx
  person: Person
  records: readonly { id: string }[]
  errors: Record<string, string>
}) {
  const { t } = ctx
  if (!may(ctx, 'person.protect')) return null
  const flags = await protectionsOf(ctx, person.id)
  return (
    <Card id="protection">
      <h2>{t('people.protection.title')}</h2>
      {flags.length === 0 && <p>{t('people.protection.none')}</p>}
      {flags.map(({ flag, since, shown }) => (
        <Note state="attention" icon="shield" title={`${t(`people.code.protection.${flag}`)}.`}>
          {t('people.protection.since', { date: ctx.format.date(since) })}
          <More label={t('people.protection.lift')} open={`sure-${flag}` in errors}>
            <form method="post" action={actsOf(ctx, person)} class="flow">
              <input type="hidden" name="act" value="unprotect" />
              <input type="hidden" name="flag" value={flag} />
              <input type="hidden" name="shown" value={shown} />
              <CheckboxField
                name="sure"
                id={`sure-${flag}`}
                label={t('people.protection.sure')}
                error={errors[`sure-${flag}`]}
              />
              <Button kind="second">{t('people.protection.lift')}</Button>
            </form>
          </More>
        </Note>
      ))}
      <form method="post" action={actsOf(ctx, person)} class="flow">
        <input type="hidden" name="act" value="protect" />
        <input type="hidden" name="records" value={records.map(({ id }) => id).join(' ')} />
        <RadioGroup
          name="flag"
          label={t('people.protection.flag')}
          hint={t('people.protection.hint')}
          error={errors.flag}
          options={PROTECTIONS.map((value) => ({ value, label: t(`people.code.protection.${value}`) }))}
        />
        <Button kind="second" icon="shield">
          {t('people.protection.set')}
        </Button>
      </form>
    </Card>
  )
}

type MergeProps = { ctx: Ctx; person: Person; value?: string; error?: string }

/** Joins another person to this one, by reference, or has officers compare the two. */
export function MergeForm({ ctx, person, value, error }: MergeProps) {
  const { t } = ctx
  const [merges, proposes] = [may(ctx, 'person.merge'), may(ctx, 'person.review')]
  if (!merges && !proposes) return null
  return (
    <More icon="people" label={t('people.merge.title')} open={error !== undefined}>
      <form method="post" action={actsOf(ctx, person)} class="flow">
        <TextField
          name="other"
          label={t('people.merge.other')}
          hint={t('people.merge.hint')}
          value={value}
          error={error}
          width="short"
          maxlength={40}
          spellcheck={false}
          autocomplete="off"
        />
        {proposes && <p class="quiet">{t('people.merge.propose_hint')}</p>}
        <Buttons>
          {merges && (
            <Button kind="second" name="act" value="merge">
              {t('people.merge.button')}
            </Button>
          )}
          {proposes && (
            <Button kind="second" icon="people" name="act" value="propose">
              {t('people.merge.propose')}
            </Button>
          )}
        </Buttons>
      </form>
    </More>
  )
}

/** That a person waits to be compared, and where. */
export const Waits = ({ ctx, review, title }: { ctx: Ctx; review: string; title: string }) => (
  <Note state="ok" title={title} announce focus>
    <p>
      <a href={localPath(ctx, `${QUEUE}/${review}`)}>{ctx.t('people.review.compare')}</a>
    </p>
  </Note>
)
