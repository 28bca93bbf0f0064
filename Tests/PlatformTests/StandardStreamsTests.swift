import Foundation
import Glibc
import Platform
import Testing

/// Each in a process of its own, whose streams it can replace.
@Suite struct StandardStreamsTests {
  @Test func aReaderThatIsGoneIsToldAsClosed() async {
    await #expect(processExitsWith: .success) {
      StandardStreams.ignoreBrokenPipes()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      dup2(ends[1], STDOUT_FILENO)
      close(ends[0])
      #expect(throws: StreamError.closed) { try StandardStreams.write([0x78]) }
    }
  }

  @Test func aFullDiskIsToldInWords() async {
    await #expect(processExitsWith: .success) {
      dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO)
      #expect(throws: StreamError.failed("No space left on device")) {
        try StandardStreams.write([0x78])
      }
    }
  }

  @Test func everythingIsWrittenToASlowReader() async throws {
    await #expect(processExitsWith: .success) {
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      let (input, output) = (ends[0], ends[1])
      // A pipe that holds less than is written, and does not wait.
      _ = fcntl(output, F_SETFL, O_NONBLOCK)
      dup2(output, STDOUT_FILENO)
      close(output)
      let reader = Task.detached {
        var buffer = [UInt8](repeating: 0, count: 1000)
        var total = 0
        while case let count = read(input, &buffer, buffer.count), count > 0 { total += count }
        return total
      }
      try StandardStreams.write([UInt8](repeating: 0x78, count: 330_000))
      close(STDOUT_FILENO)
      #expect(await reader.value == 330_000)
    }
  }

  @Test func whatTheParentClosedIsNobodyElses() async {
    await #expect(processExitsWith: .success) {
      close(STDIN_FILENO)
      close(STDOUT_FILENO)
      StandardStreams.reserveDescriptors()
      let other = open("/dev/zero", O_RDWR)
      #expect(other > STDERR_FILENO)
      #expect(StandardStreams.readLine() == nil)
      #expect(throws: StreamError.failed("Bad file descriptor")) {
        try StandardStreams.write([0x78])
      }
    }
  }

  @Test func linesAreReadOneByOne() async {
    await #expect(processExitsWith: .success) {
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      dup2(ends[0], STDIN_FILENO)
      let text = Array("yes\r\n\nno more".utf8)
      write(ends[1], text, text.count)
      close(ends[1])
      #expect(StandardStreams.readLine() == "yes")
      #expect(StandardStreams.readLine() == "")
      #expect(StandardStreams.readLine() == "no more")
      #expect(StandardStreams.readLine() == nil)
      close(STDIN_FILENO)
      #expect(StandardStreams.readLine() == nil)
    }
  }
}
