import type { Ctx } from '#kernel/context.ts'
import type { FormErrors, FormValues } from '#kernel/http/forms.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { CheckboxField, CheckboxGroup, RadioGroup } from '#kernel/ui/choices.tsx'
import { Lines, SelectField, TextField } from '#kernel/ui/fields.tsx'
import { LEVELS, LICENCES, REACHES, SPOKEN, type Spoken } from '../profile.ts'

type Fields = { ctx: Ctx; values: FormValues; words: FormErrors }

/** Name, telephone, and how it is safe to reach the person. */
export const FactsFields = ({ ctx: { t }, values, words }: Fields) => (
  <>
    <TextField
      name="name"
      label={t('applications.form.name')}
      hint={t('applications.form.name_hint')}
      value={values.name}
      error={words.name}
      autocomplete="off"
      maxlength={100}
    />
    <TextField
      name="phone"
      label={t('applications.form.phone')}
      hint={t('applications.form.phone_hint')}
      value={values.phone}
      error={words.phone}
      type="tel"
      inputmode="tel"
      autocomplete="off"
      maxlength={40}
    />
    <RadioGroup
      name="own"
      label={t('applications.form.own')}
      hint={t('applications.form.own_hint')}
      value={values.own}
      error={words.own}
      options={(['yes', 'no'] as const).map((value) => ({ value, label: t(`applications.form.own_${value}`) }))}
    />
    <RadioGroup
      name="reach"
      label={t('applications.form.reach')}
      value={values.reach}
      error={words.reach}
      options={REACHES.map((value) => ({
        value,
        label: t(`applications.code.reach.${value}`),
        hint: t(`applications.form.reach_${value}`),
      }))}
    />
    <TextField
      name="when"
      label={t('applications.form.when')}
      hint={t('applications.form.when_hint')}
      value={values.when}
      error={words.when}
      autocomplete="off"
      maxlength={100}
    />
  </>
)

// What most adverts ask for; the others are folded.
const FIRST: readonly Spoken[] = ['ru', 'tg', 'en']

/** What the person can do, and where they would work. `folded`: the long list of papers opens only where it is wanted. */
export function ProfileFields({ ctx: { t }, values, words, folded }: Fields & { folded?: boolean }) {
  const others = SPOKEN.filter((lang) => !FIRST.includes(lang))
  const spoken = (lang: Spoken) => (
    <SelectField
      name={`lang_${lang}`}
      label={t(`applications.code.language.${lang}`)}
      value={values[`lang_${lang}`]}
      empty={t('applications.form.language_none')}
      options={LEVELS.map((value) => ({ value, label: t(`applications.code.level.${value}`) }))}
    />
  )
  const papers = (label: string, hint?: string) => (
    <CheckboxGroup
      name="licences"
      label={label}
      hint={hint}
      values={values.licences?.split(',')}
      error={words.licences}
      options={LICENCES.map((value) => ({ value, label: t(`applications.code.licence.${value}`) }))}
    />
  )
  return (
    <>
      <TextField
        name="trade"
        label={t('applications.form.trade')}
        hint={t('applications.form.trade_hint')}
        value={values.trade}
        error={words.trade}
        autocomplete="off"
        maxlength={200}
      />
      <Lines id="languages" label={t('applications.form.languages')}>
        {FIRST.map(spoken)}
        <More label={t('applications.form.more_languages')} open={others.some((lang) => values[`lang_${lang}`])}>
          <div class="lines">{others.map(spoken)}</div>
        </More>
      </Lines>
      {folded ? (
        <More label={t('applications.form.licences')} open={Boolean(values.licences || words.licences)}>
          {papers(t('applications.form.licences_hint'))}
        </More>
      ) : (
        papers(t('applications.form.licences'), t('applications.form.licences_hint'))
      )}
      <TextField
        name="places"
        label={t('applications.form.places')}
        hint={t('applications.form.places_hint')}
        value={values.places}
        error={words.places}
        autocomplete="off"
        maxlength={200}
      />
    </>
  )
}

const SHOWN = ['languages', 'licences', 'places'] as const

/** Whether other employers may find the person, and what they may see then. */
export const OfferFields = ({ ctx: { t }, values, words }: Fields) => (
  <CheckboxField
    name="findable"
    label={t('applications.form.findable')}
    hint={t('applications.form.findable_hint')}
    checked={values.findable === 'yes'}
    error={words.findable}
    follow={
      <CheckboxGroup
        name="shown"
        label={t('applications.form.shown')}
        hint={t('applications.form.shown_hint')}
        values={values.shown?.split(',')}
        options={SHOWN.map((value) => ({ value, label: t(`applications.form.shown_${value}`) }))}
      />
    }
  />
)
