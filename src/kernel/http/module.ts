import { defineModule } from '../module.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }

export const httpPart = defineModule({ name: 'http', messages: { tg, ru, en } })
