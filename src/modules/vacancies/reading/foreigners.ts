import { quoteOf, type Sentence, type Stated, sentencesOf } from './sentences.ts'

const RUSSIA = '(?:рф|россии|россий\\p{L}*(?: федерации)?)'

// Foreigners of some kind are named as welcome, or citizenship as no matter.
const OPEN = [
  /(?:гражданство|шаҳрвандӣ)[^.]{0,30}(?:не важно|не имеет значения|любое|любой|не требуется|не обязательн|муҳим нест|аҳамият надорад)/u,
  /(?:можно|возможно)? ?без гражданства/u,
  /(?:иностранн\p{L}* (?:граждан\p{L}*|работник\p{L}*|рабоч\p{L}*|специалист\p{L}*)|мигрант\p{L}*|граждан\p{L}* (?:снг|стран снг|таджикистана|узбекистана|кыргызстана|киргизии|других (?:стран|государств))|из стран снг|иностранц\p{L}*)(?![^.]*\b(?:не|кроме)\b)(?:(?! не )[^.]){0,60}(?:приглаша|принима|рассматрива|можно|берем|допуска|приветству|подход|да$)/u,
  /(?:приглаша|принимаем|рассматрива|берем|работа для)(?:(?! не )[^.]){0,40}(?:иностранн\p{L}* (?:граждан|работник|рабоч|специалист)|мигрант|граждан\p{L}* (?:снг|стран снг|таджикистана|других (?:стран|государств))|иностранц)/u,
  new RegExp(
    `граждан\\p{L}* ${RUSSIA}[,/ и]+(?:граждан\\p{L}* )?(?:снг|стран снг|таджикистан\\p{L}*|иностранн\\p{L}*|других стран)`,
    'u',
  ),
  /(?:помо\p{L}+ (?:с|в) (?:оформлени\p{L}* )?патент|оформ\p{L}+ (?:трудовой )?патент|(?:с|по|наличие) (?:действующ\p{L}* )?(?:трудов\p{L}* )?патент(?:ом|у|а)?(?!\p{L})(?! на изобрет))/u,
  /\b(?:foreign (?:workers|nationals|citizens|applicants)|foreigners|migrant workers|all nationalities)\b(?:(?! not )[^.]){0,40}\b(?:welcome|accepted|eligible|may apply|can apply|invited)\b/u,
  /\b(?:visa|work permit) (?:sponsorship )?(?:is |will be )?(?:provided|available|arranged|offered)\b/u,
  /(?:шаҳрвандони (?:хориҷӣ|тоҷикистон|кишварҳои дигар)|хориҷиён|муҳоҷирон)(?:(?!на(?:ме|ша|ка))[^.]){0,50}(?:қабул|даъват|метавонанд|мумкин)/u,
  /(?:барои|ба) (?:муҳоҷирон|хориҷиён|шаҳрвандони тоҷикистон)/u,
]

// Only the country's own citizens, or foreigners are turned away.
const CLOSED = [
  new RegExp(
    `гражданств\\p{L}*\\s*[:–—-]?\\s*(?:только |строго |обязательно |исключительно )?\\(?${RUSSIA}(?!\\p{L})`,
    'u',
  ),
  new RegExp(`(?:российск\\p{L}*) гражданств`, 'u'),
  new RegExp(`(?:только|строго|исключительно)(?: для)? (?:граждан\\p{L}* ${RUSSIA}|россиян)`, 'u'),
  new RegExp(`граждан(?:ин|ка|е) ${RUSSIA}(?!\\p{L})(?!,? (?:могут|обращ))`, 'u'),
  /(?:иностранн\p{L}* граждан\p{L}*|мигрант\p{L}*|иностранц\p{L}*|граждан\p{L}* (?:снг|стран снг|других стран))[^.]{0,40} не (?:рассматрива|принима|бер|приглаша|подход)/u,
  /не (?:рассматриваем|принимаем|берем)[^.]{0,20}(?:иностранн\p{L}* граждан|мигрант|иностранц|граждан\p{L}* снг)/u,
  /\b(?:citizens|nationals) only\b|\bmust be (?:an? )?(?:\w+ )?(?:citizen|national)s?\b|\bcitizenship (?:is )?(?:required|mandatory)\b|\bonly (?:\w+ )?citizens\b/u,
  /\b(?:no|without) (?:visa )?sponsorship\b|\bsponsorship (?:is )?(?:not|un)[ -]?(?:available|provided|offered)\b|\bforeign(?:ers| workers| nationals)\b[^.]{0,20}\bnot (?:accepted|eligible)\b/u,
  /танҳо (?:барои )?(?:шаҳрвандони|шаҳрвандон)|шаҳрвандии (?:россия|русия|фр)[^.]{0,20}(?:ҳатм|лозим|зарур)/u,
  /(?:хориҷиён|шаҳрвандони хориҷӣ|муҳоҷирон)[^.]{0,30}(?:қабул намешаванд|қабул карда намешаванд|намегирем)/u,
]

/**
 * Whether the words open the job to foreigners, with the sentence that says so; null when they do not speak of it. A sentence
 * that welcomes some foreigners wins over "citizens" in the same one (`граждане РФ и СНГ`); of two sentences that contradict
 * each other the narrower holds, and the reader sees it.
 */
export function readForeigners(text: string): Stated<'yes' | 'no'> | null {
  const sentences = sentencesOf(text)
  const closed = sentences.filter(
    (sentence) => fits(sentence, CLOSED) && !fits(sentence, OPEN.slice(0, 2)) && !namesOthers(sentence),
  )
  const quote = quoteOf(closed, CLOSED)
  if (quote) return { value: 'no', quote }
  const open = quoteOf(
    sentences.filter((sentence) => !isRefusal(sentence)),
    OPEN,
  )
  return open ? { value: 'yes', quote: open } : null
}

const fits = ({ plain }: Sentence, patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(plain))
// `граждане РФ и СНГ`: not for citizens only. The Eurasian union does not help a Tajik citizen, so it does not count.
const namesOthers = (sentence: Sentence) => fits(sentence, [OPEN[4]!]) && !isRefusal(sentence)
const isRefusal = ({ plain }: Sentence) =>
  / не (?:рассматрива|принима|бер|приглаша|подход)|(?:^| )не (?:рассматрива|принима|берем)|not (?:accepted|eligible)|қабул намешав|намегирем/u.test(
    plain,
  )
