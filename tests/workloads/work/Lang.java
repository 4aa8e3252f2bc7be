class Lang {
	public static void main(String[] args) {
		System.out.println(System.getProperty("native.encoding"));
	}
}
