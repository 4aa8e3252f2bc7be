import java.util.stream.IntStream;

class Sum {
	public static void main(String[] args) throws Exception {
		Thread.sleep(1);
		int n = IntStream.range(0, 7).parallel().map(i -> 2 * i).sum();
		Process p = new ProcessBuilder("/usr/bin/java", "-version").redirectErrorStream(true).start();
		int lines = p.inputReader().lines().mapToInt(s -> 1).sum();
		try (var selector = java.nio.channels.Selector.open()) {
			lines += selector.selectNow();
		}
		System.out.println(n + " " + lines + " " + p.waitFor() + " " + new java.security.SecureRandom().nextInt(1)
			+ " " + System.getProperty("native.encoding") + " " + java.util.TimeZone.getDefault().getID());
	}
}
