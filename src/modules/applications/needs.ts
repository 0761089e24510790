import type { AdvertWords } from '#modules/vacancies/public.ts'
import { type Level, LICENCES, type Licence, type Spoken } from './profile.ts'

/** What an advert asks of people, as far as its words say. */
export type Needs = { licences: Licence[]; languages: { lang: Spoken; level: Level }[] }

// Classes of driving licences, in letters of either alphabet, after a word that announces them.
const CLASSES =
  /(?:категори\p{L}*|кат\.|categor(?:y|ies)|driving licen[cs]e|driver'?s licen[cs]e|тоифаи|дараҷаи)\s*:?\s*((?:(?:и|ва|and|[\s,/+«»"'-])*(?<!\p{L})[bcdeвсдеdb](?:1)?(?!\p{L}))+)/gu
const CLASS_LETTERS: Record<string, Licence> = {
  ...{ b: 'driver_b', в: 'driver_b', c: 'driver_c', с: 'driver_c' },
  ...{ d: 'driver_d', д: 'driver_d', e: 'driver_e', е: 'driver_e' },
}

const PAPER =
  '(?:удостоверени|корочк|прав[аои]|допуск|свидетельств|аттестаци|licen[cs]|certificat|permit|шаҳодатнома|иҷозат)\\p{L}*'
const about = (thing: string) =>
  new RegExp(`${PAPER}[^.;\\n]{0,50}(?:${thing})|(?:${thing})[^.;\\n]{0,40}${PAPER}`, 'u')
const PAPERS: Partial<Record<Licence, RegExp>> = {
  forklift: about('погрузчик|forklift|боркунак'),
  tractor: about('тракторист|трактор|tractor'),
  excavator: about('экскаватор|excavator'),
  crane: about('кранов|крана|стропальщик|crane'),
  welder: about('сварщик|сварк|накс|weld|кафшер'),
  electrician:
    /(?:групп\p{L}* (?:допуска )?по электробезопасности|[2-5iv]+ групп\p{L}*[^.;\n]{0,20}электробез|electrical safety group|гурӯҳи бехатарии барқ)/u,
  height: about('высот|height|баландӣ'),
  gas: about('газоопасн|газов|gas|кори газ'),
  medical_book: /медицинск\p{L}* книжк|медкнижк|санитарн\p{L}* книжк|medical book|дафтарчаи тиббӣ/u,
}

const TONGUES: Record<Spoken, string> = {
  ru: 'русск|russian|русӣ',
  tg: 'таджик|tajik|тоҷикӣ',
  uz: 'узбек|uzbek|ӯзбекӣ',
  kk: 'казахск|kazakh|қазоқӣ',
  en: 'английск|english|англисӣ',
  ko: 'корейск|korean|кореягӣ',
  tr: 'турецк|turkish|туркӣ',
  de: 'немецк|german|олмонӣ',
}
const SAYS =
  'знани|владени|владеть|знать|говори|разговорн|уровень|язык|language|speak|fluent|knowledge|level|забон|донистан'
const WELL = /свободн|хорош|грамотн|уверенн|отличн|fluent|good|advanced|хуб|озод/u
const BASIC = /базов|начальн|элементарн|минимальн|basic|elementary|ибтидоӣ/u
// A plus is no need.
const WISHED = /желательн|приветству|будет плюсом|преимуществ|desirable|an advantage|is a plus|афзалият/u

/** Reads what an advert asks: papers and languages. What it only wishes for is no need. */
export function needsOf(
  advert: Pick<
    AdvertWords,
    'title' | 'profession' | 'duties' | 'requirements' | 'conditions' | 'documents' | 'medical_card'
  >,
): Needs {
  const texts = [
    advert.requirements,
    advert.duties,
    advert.conditions,
    advert.profession,
    advert.title,
    ...advert.documents,
  ]
  const sentences = texts
    .flatMap((text) => text?.split(/[.;!?\n•·]+/) ?? [])
    .map((sentence) => sentence.toLowerCase().replaceAll('ё', 'е').trim())
    .filter((sentence) => sentence !== '' && !WISHED.test(sentence))
  const papers = new Set<Licence>(advert.medical_card ? ['medical_book'] : [])
  const tongues = new Map<Spoken, Level>()
  for (const sentence of sentences) {
    for (const [, letters] of sentence.matchAll(CLASSES))
      for (const [letter] of letters!.matchAll(/(?<!\p{L})[bcdeвсде](?!\p{L})/gu)) papers.add(CLASS_LETTERS[letter]!)
    for (const [paper, pattern] of Object.entries(PAPERS)) if (pattern.test(sentence)) papers.add(paper as Licence)
    for (const [lang, words] of Object.entries(TONGUES)) {
      const named = new RegExp(`(?:${SAYS})\\p{L}*[^,]{0,40}(?:${words})|(?:${words})\\p{L}*[^,]{0,25}(?:${SAYS})`, 'u')
      if (named.test(sentence))
        tongues.set(lang as Spoken, WELL.test(sentence) ? 'well' : BASIC.test(sentence) ? 'words' : 'talk')
    }
  }
  return {
    licences: LICENCES.filter((licence) => papers.has(licence)),
    languages: [...tongues].map(([lang, level]) => ({ lang, level })),
  }
}
