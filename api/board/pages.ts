// The pages in front of the queue board. They work without JavaScript.

import { escapeHtml } from '../../shared/kit/text/html.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { BOARD_PATH } from './session.ts'
import { FORGOT_PATH } from '../pages/account-pages.ts'
import { SECOND_FACTOR_PATH } from '../pages/second-factor-pages.ts'
import { plainPage } from '../pages/plain-page.ts'

export function signInPage({ problem, email = '' }: { problem?: string; email?: string } = {}): string {
  return page(
    'Sign in',
    `
    <form method="post" action="${BOARD_PATH}/sign-in">
      <h1>Queues</h1>
      <p class="quiet">For the people who operate this installation.</p>
      ${problem ? `<p class="problem" role="alert">${escapeHtml(problem)}</p>` : ''}
      <label>E-mail address <input name="email" type="email" autocomplete="username" required ` +
      `maxlength="254" value="${escapeHtml(email)}"${email ? '' : ' autofocus'}></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required ` +
      `maxlength="200"${email ? ' autofocus' : ''}></label>
      <button>Sign in</button>
      <p class="quiet"><a href="${FORGOT_PATH}?lang=en">Forgot your password?</a></p>
    </form>`,
  )
}

/** @param challenge as the first step answered it */
export function codePage(challenge: string, problem?: string): string {
  return page(
    'Sign in',
    `
    <form method="post" action="${BOARD_PATH}/sign-in/code">
      <h1>Queues</h1>
      ${problem ? `<p class="problem" role="alert">${escapeHtml(problem)}</p>` : ''}
      <label>Code of your app, or a recovery code <input name="code" autocomplete="one-time-code" required ` +
      `maxlength="40" autocapitalize="off" autofocus></label>
      <input type="hidden" name="challenge" value="${escapeHtml(challenge)}">
      <button>Sign in</button>
    </form>`,
  )
}

export function enrolFirstPage(): string {
  return page(
    'Sign in',
    `
    <section>
      <h1>Queues</h1>
      <p>Your organisation demands a second factor of you.</p>
      <p><a href="${SECOND_FACTOR_PATH}?lang=en">Set it up</a>, and sign in then.</p>
    </section>`,
  )
}

export function signOutPage({ fullName, role }: Actor): string {
  return page(
    'Sign out',
    `
    <form method="post" action="${BOARD_PATH}/sign-out">
      <h1>Sign out?</h1>
      <p class="quiet">You are signed in as ${escapeHtml(fullName)} (${role}).</p>
      <button>Sign out</button>
      <p class="quiet"><a href="${BOARD_PATH}/">Back to the queues</a></p>
    </form>`,
  )
}

export function refusedPage(why: string): string {
  return page(
    'Not for you',
    `
    <section>
      <h1>No entry</h1>
      <p class="problem" role="alert">${escapeHtml(why)}</p>
      <p class="quiet"><a href="${BOARD_PATH}/sign-in">Sign in as somebody else</a></p>
    </section>`,
  )
}

function page(title: string, body: string): string {
  return plainPage({ lang: 'en', title: `${title} · Bellhop queues`, styles: `${BOARD_PATH}/pages` }, body)
}
