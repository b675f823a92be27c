import {
  claimAccountMail,
  recordAccountMail,
  sendAccountMail,
  sendResetLinks,
} from '../../shared/people/actions/accounts.ts'
import { deliverAccountMailJob, sendResetLinksJob } from '../../shared/people/jobs.ts'
import { handleJob, handleOutsideJob } from './handler.ts'

export const peopleHandlers = [
  handleJob(sendResetLinksJob, sendResetLinks),
  handleOutsideJob(deliverAccountMailJob, {
    claim: claimAccountMail,
    reach: sendAccountMail,
    record: recordAccountMail,
  }),
]
