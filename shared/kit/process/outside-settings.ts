// Settings of the ways out: mail, push, webhooks. Part of the one list in settings.ts.

import {
  parseDuration,
  parseInteger,
  parseList,
  parseUrl,
  parseContact,
  parseSender,
  type Setting,
  setting,
  optional,
  text,
} from './config-parsers.ts'

export const OUTSIDE_SETTINGS = {
  SMTP_URL: optional(
    'Mail server, e.g. smtps://user:password@mail.example:465; without it mails are skipped. With it comes MAIL_FROM.',
    parseUrl('smtp:', 'smtps:'),
  ),
  MAIL_FROM: optional('Sender of mails, e.g. Bellhop <no-reply@example.com>.', parseSender),
  APP_URL: optional(
    'Where the button of a mail leads: your own app, below which it finds approvals/ID, bookings/ID, tickets/ID, chat/ID and desk/ID; ' +
      'the console at PUBLIC_URL unless given.',
    parseUrl('http:', 'https:'),
  ),
  VAPID_SUBJECT: optional(
    'Contact for the operators of push services, as mailto: or https:; without it push is skipped. With it come the two keys below.',
    parseContact,
  ),
  VAPID_PUBLIC_KEY: optional(
    'Key that browsers subscribe with; `npx bellhop generate-vapid-keys` makes a pair.',
    text,
  ),
  VAPID_PRIVATE_KEY: optional('Its other half.', text),
  OUTGOING_ALLOWED: setting(
    'Names, addresses and networks such as 10.1.0.0/16, separated by commas, that webhooks and gateways of ' +
      'ADMINs may lead to although they are not on the public internet.',
    '',
    parseList,
  ),
  PUSH_ALLOWED: setting(
    'The same for push services, which anybody who signs in, guests too, may name: only where you run one of your own.',
    '',
    parseList,
  ),
  DELIVERY_TIMEOUT: setting(
    'How long a mail server, a push service or a webhook has to take something.',
    '10s',
    parseDuration,
  ),
  DELIVERY_ATTEMPTS: setting('Attempts of one delivery before it is given up.', '10', parseInteger(1, 100)),
  DELIVERY_FIRST_RETRY: setting(
    'Pause after the first attempt; it triples up to six hours, so that ten attempts take about a day.',
    '30s',
    parseDuration,
  ),
  WEBHOOK_PATIENCE: setting(
    'How long a webhook may fail without a success before it is disabled.',
    '2d',
    parseDuration,
  ),
  MAILS_PER_HOUR: setting(
    'Mails that one person gets alone in an hour; what comes above it goes in one mail at its end (what is ' +
      'urgent or asks for a decision above three times as many).',
    '20',
    parseInteger(1, 100_000),
  ),
  NOTIFICATION_RETENTION: setting('How long notifications are kept.', '90d', parseDuration),
} satisfies Record<string, Setting<unknown>>
