// Every code that a problem object may carry, and what to do about it. The only list of them: an AppError takes no other,
// `type` of a problem leads to the page made of it, and OpenAPI prints it.

export const PROBLEM_CODES = {
  malformed:
    'The request itself is wrong: a field is missing, unknown, or not written as it must be. `errors` lists ' +
    'each place with what is wrong there. Mend them and send it again.',
  unauthorized:
    'Nobody is signed in, or the token, key or ticket is not valid any more. Sign in, or refresh the access token, and send it again.',
  second_factor_required:
    'The password is right, and a code of the second factor is needed as well. POST /auth/login/second-factor takes `challenge` with it ' +
    'until `expiresAt`. Where `isEnrolled` is false, POST /auth/login/totp takes `challenge` first and answers what an app needs.',
  forbidden: 'You are known, but your role, or your part in this, does not allow it.',
  not_found: 'There is no such thing for you. What belongs to another organisation answers the same.',
  method_not_allowed: 'The path exists, but not with this method. The header Allow names those that it has.',
  invalid:
    'The request is well formed and against a rule, which `detail` names; or its Idempotency-Key was used with another request.',
  conflict: 'It contradicts what is there now. Read again, and decide anew.',
  over_capacity: 'More people travel than the resource takes. Choose a larger one.',
  choose_organisation:
    'The address and the password fit people of several organisations. Sign in with `org`, the short name of one of them.',
  already_decided: 'Somebody, or the deadline, decided before you. Read the approval again.',
  impossible_transition: 'From the state in which it is, this step is not possible; `detail` names both.',
  changed_meanwhile:
    'It was changed since the version in If-Match. Read it again, apply your change to what you read, and send it with the new ETag.',
  room_not_active: 'The room is closed or archived and takes no messages.',
  message_deleted: 'The message was deleted; nothing of it can be changed.',
  too_late: 'The time in which this could be changed is over.',
  revoked: 'The key was taken back. Make a new one.',
  not_closed: 'Only a closed ticket can be rated.',
  too_many_faqs:
    'The FAQ of the organisation, or one question of it, is larger than it may be; `detail` names the limit.',
  too_many_auto_responses: 'The organisation has as many automatic replies as it may have. Remove one first.',
  last_admin: 'An organisation keeps an ADMIN. Make somebody else one first.',
  no_driver: 'No driver is assigned yet, so that there is nobody to talk to.',
  too_large: 'The body, or the file, is larger than its limit, which `detail` names.',
  unsupported:
    'The body is of a media type, or encoded in a way, that is not taken there. Nothing of it was done.',
  range: 'The range lies outside of the file.',
  broken_off: 'The upload ended before the whole file had come.',
  timeout: 'Nothing more came of the body for too long.',
  too_many_requests: 'More than is allowed in this time. Retry-After says in how many seconds to try again.',
  unavailable:
    'Something that is needed for it does not answer now. Retry-After says in how many seconds to try again.',
  internal: 'A fault on our side, which is in our logs under `requestId`. Trying again may help.',
} as const

export type ProblemCode = keyof typeof PROBLEM_CODES

/** Where the page about a code is, below our origin. */
export const PROBLEMS_PATH = '/problems'
