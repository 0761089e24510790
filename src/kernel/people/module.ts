import { defineModule } from '../module.ts'
import { compareCommand, linkCommand } from './commands.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { moveRegistryKey } from './registry-key.ts'

/** Who is who: names, documents and dates of people, and whether two records are one of them. */
export const peoplePart = defineModule({
  name: 'people',
  permissions: {
    'person.search': ['registry_officer'],
    'person.read': ['registry_officer'],
    'person.review': ['registry_officer'],
    'person.merge': ['registry_officer'],
    'person.protect': ['registry_officer'],
  },
  commands: [linkCommand, compareCommand],
  moveKey: moveRegistryKey,
  messages: { tg, ru, en },
})
