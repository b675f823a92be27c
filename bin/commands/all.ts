// Every command, in the order in which the help lists them.

import type { ListedCommand } from './command.ts'

export const COMMANDS: readonly ListedCommand[] = [
  {
    name: 'organisation create',
    summary: 'Make an organisation, in which nobody is yet.',
    load: async () => (await import('./organisation.ts')).organisationCreate,
  },
  {
    name: 'admin create',
    summary: 'Add an ADMIN to an organisation; without a password they get a link to choose it.',
    load: async () => (await import('./organisation.ts')).adminCreate,
  },
  {
    name: 'admin reset',
    operands: 'ADDRESS|ID',
    summary: 'Let an ADMIN in again who lost password or second factor, and whom no other ADMIN can help.',
    load: async () => (await import('./person.ts')).adminReset,
  },
  {
    name: 'people import',
    operands: 'FILE',
    summary: 'Bring many people from a file, all or none; the same file once more changes nothing.',
    load: async () => (await import('./people.ts')).peopleImport,
  },
  {
    name: 'key create',
    summary: 'Make a key by which another program tells what happened there (POST /events).',
    load: async () => (await import('./key.ts')).keyCreate,
  },
  {
    name: 'person erase',
    operands: 'ADDRESS|ID',
    summary: 'Forget a person for good: name, addresses, words and files; what they did stays, by nobody.',
    load: async () => (await import('./person.ts')).personErase,
  },
  {
    name: 'audit verify',
    operands: '[ORGANISATION [N:HASH] | FILE]',
    summary: 'Check that the audit says what was sealed; of a file, csv or json, without any server.',
    load: async () => (await import('./audit.ts')).auditVerify,
  },
  {
    name: 'backup',
    operands: 'DIR',
    summary: 'Write database, files and the heads of the audit into a new folder, while all goes on.',
    load: async () => (await import('./backup.ts')).backup,
  },
  {
    name: 'restore',
    operands: 'DIR',
    summary: 'Bring a backup into an empty database and its storage, and say how old it is.',
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'doctor',
    summary: 'Look at servers, rights, clocks, mail, push, files and disk, and say what to do.',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'migrate',
    summary: 'Bring the database up to date: once per release, before its processes start.',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'generate-secret',
    summary: 'Make a secret for JWT_SECRET.',
    load: async () => (await import('./keys.ts')).generateSecret,
  },
  {
    name: 'generate-vapid-keys',
    summary: 'Make the pair of keys for push messages.',
    load: async () => (await import('./keys.ts')).generateVapidKeys,
  },
]
