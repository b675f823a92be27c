import { expect } from 'chai'
import { descriptorLimitIn } from '../../shared/kit/process/descriptors.ts'

describe('the number of files that may be open', () => {
  it('is read as the kernel writes it', () => {
    const limits =
      'Limit                     Soft Limit           Hard Limit           Units     \nMax open files        ' +
      '    256                  1024                 files     \n'
    expect(descriptorLimitIn(limits)).to.equal(256)
  })

  it('is unknown where there is no limit, or nobody says', () => {
    expect(
      descriptorLimitIn('Max open files            unlimited            unlimited            files     '),
    ).to.equal(undefined)
    expect(descriptorLimitIn('')).to.equal(undefined)
  })
})
